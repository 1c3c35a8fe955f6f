// Locks the head of a chain until the transaction ends, making it if it is new, and reads where the chain ends.
// access   write
// param    chain    str
// param    first    str    what a new chain has as the hash before its first link
// column   number   int
// column   hash     str
MERGE (chain:AuditChain {name: $chain})
ON CREATE SET chain.number = 0, chain.hash = $first
SET chain.touched = true
WITH chain
RETURN
  chain.number AS number,
  chain.hash AS hash
