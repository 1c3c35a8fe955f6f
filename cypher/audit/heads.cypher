// Where each chain ends, by name.
// access   read
// scan     allowed
// column   name     str
// column   number   int
// column   hash     str
MATCH (chain:AuditChain)
RETURN
  chain.name AS name,
  chain.number AS number,
  chain.hash AS hash
ORDER BY name
