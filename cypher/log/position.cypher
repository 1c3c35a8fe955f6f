// How far the log has been numbered, announced and applied.
// access   read
// column   seq            int
// column   published_seq  int
// column   applied_seq    int
MATCH (log:Log {name: 'events'})
RETURN
  log.seq AS seq,
  log.published_seq AS published_seq,
  log.applied_seq AS applied_seq
