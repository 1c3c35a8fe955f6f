// Locks the heads of all chains in the order of their names: whatever they say has been applied whole.
// access   write
// scan     allowed
MATCH (chain:AuditChain)
WITH chain
ORDER BY chain.name
SET chain.touched = true
