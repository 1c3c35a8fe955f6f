// Destroys identifiers that nobody is seen with any more.
// access   write
// param    rows   list[map]    kind, token; in this order
UNWIND $rows AS row
MATCH (identifier:Identifier {kind: row.kind, token: row.token})
SET identifier.touched = true
WITH identifier
WHERE NOT EXISTS { (identifier)<-[:USES]-() }
DELETE identifier
