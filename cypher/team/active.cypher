// How many of each member's team completed an order since a moment.
// access   read
// param    member_ids  list[str]
// param    max_level   int        how many levels down
// param    since       str
// column   member_id   str
// column   active      int
UNWIND $member_ids AS member_id
MATCH (top:Member {id: member_id})
OPTIONAL MATCH (member:Member)-[:REFERRED_BY*1..]->(top)
WHERE member.depth <= top.depth + $max_level
  AND EXISTS { MATCH (member)-[:PLACED]->(o:Order) WHERE o.completed_at >= $since }
RETURN
  member_id AS member_id,
  count(member) AS active
ORDER BY member_id
