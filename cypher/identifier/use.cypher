// Draws edges from locked members to what they were seen with, or widens the times of those there are.
// access   write
// param    rows       list[map]    member_id, kind, token, first_seen, last_seen, row; in (kind, token) order
// column   row        int
// column   new        bool         whether this member was never seen with it before
UNWIND $rows AS row
MATCH (member:Member {id: row.member_id})
MERGE (identifier:Identifier {kind: row.kind, token: row.token})
SET identifier.touched = true
WITH row, member, identifier, EXISTS { (member)-[:USES]->(identifier) } AS known
MERGE (member)-[uses:USES]->(identifier)
ON CREATE SET uses.first_seen = row.first_seen, uses.last_seen = row.last_seen
ON MATCH SET
  uses.first_seen = CASE WHEN row.first_seen < uses.first_seen THEN row.first_seen ELSE uses.first_seen END,
  uses.last_seen = CASE WHEN row.last_seen > uses.last_seen THEN row.last_seen ELSE uses.last_seen END
RETURN
  row.row AS row,
  NOT known AS new
