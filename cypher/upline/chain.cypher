// The upline of each member, nearest first, up to a number of levels.
// access   read
// param    member_ids       list[str]
// param    max_level        int          1 = the direct referrer only
// column   member_id        str
// column   ancestor_id      str
// column   level            int
// column   first_order_seq  int?         when the ancestor's first completion was accepted
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
MATCH path = (member)-[:REFERRED_BY*1..]->(ancestor:Member)
WHERE all(step IN nodes(path) WHERE step.depth >= member.depth - $max_level)
// Distinct lets Neo4j visit each ancestor once; whole paths take the square of their length, 40 s for 3 000 levels.
WITH DISTINCT member, ancestor
RETURN
  member.id AS member_id,
  ancestor.id AS ancestor_id,
  member.depth - ancestor.depth AS level,
  ancestor.first_order_seq AS first_order_seq
ORDER BY member_id, level
