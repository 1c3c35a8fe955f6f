// The newest checkpoint that the database has seen; no row before the first.
// access   read
// column   number   int
// column   hash     str
MATCH (mark:AuditMark {name: 'checkpoints'})
RETURN
  mark.number AS number,
  mark.hash AS hash
