// All members by id, from after a given id on.
// access   read
// param    after        str
// param    count        int
// column   member_id    str
// column   referrer_id  str?
// column   depth        int
// column   joined_at    str
MATCH (member:Member)
WHERE member.id > $after
WITH member
ORDER BY member.id
LIMIT $count
OPTIONAL MATCH (member)-[:REFERRED_BY]->(referrer:Member)
RETURN
  member.id AS member_id,
  referrer.id AS referrer_id,
  member.depth AS depth,
  member.joined_at AS joined_at
ORDER BY member_id
