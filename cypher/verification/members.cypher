// All members by id, from after a given id on, with everyone they are referred by: one at most, if all is well.
// access   read
// param    after            str
// param    count            int
// column   member_id        str
// column   referrer_ids     list[str]
// column   depth            int?
// column   first_order_seq  int?
MATCH (member:Member)
WHERE member.id > $after
WITH member
ORDER BY member.id
LIMIT $count
RETURN
  member.id AS member_id,
  COLLECT {
    MATCH (member)-[:REFERRED_BY]->(referrer:Member)
    RETURN referrer.id
  } AS referrer_ids,
  member.depth AS depth,
  member.first_order_seq AS first_order_seq
ORDER BY member_id
