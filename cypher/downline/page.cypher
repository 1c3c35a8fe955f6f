// A member's downline down to a level, nearest first and then by id, from after a given place on.
// access   read
// param    member_id    str
// param    max_level    int
// param    after_level  int      0 with an empty after_id for the first page
// param    after_id     str
// param    count        int
// column   member_id    str
// column   referrer_id  str
// column   depth        int
// column   joined_at    str
// column   level        int
MATCH (top:Member {id: $member_id})
MATCH path = (top)<-[:REFERRED_BY*1..]-(member:Member)
WHERE all(step IN nodes(path) WHERE step.depth <= top.depth + $max_level)
// Distinct lets Neo4j visit each member once, as in upline/chain, if the path is written from the top.
WITH DISTINCT top, member
WITH member, member.depth - top.depth AS level
WHERE level > $after_level OR (level = $after_level AND member.id > $after_id)
WITH member, level
ORDER BY level, member.id
LIMIT $count
MATCH (member)-[:REFERRED_BY]->(referrer:Member)
RETURN
  member.id AS member_id,
  referrer.id AS referrer_id,
  member.depth AS depth,
  member.joined_at AS joined_at,
  level AS level
ORDER BY level, member_id
