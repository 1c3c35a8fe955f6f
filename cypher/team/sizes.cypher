// Every member's team in numbers, for export: a page of members by id.
// access   read
// param    after      str
// param    count      int
// column   member_id  str
// column   depth      int
// column   direct     int
// column   size       int
MATCH (top:Member)
WHERE top.id > $after
WITH top
ORDER BY top.id
LIMIT $count
RETURN
  top.id AS member_id,
  top.depth AS depth,
  COUNT { (:Member)-[:REFERRED_BY]->(top) } AS direct,
  COUNT { (:Member)-[:REFERRED_BY*1..]->(top) } AS size
ORDER BY member_id
