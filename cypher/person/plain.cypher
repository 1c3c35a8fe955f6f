// Members whose names an earlier version kept in plain text, by id, from after a given id on.
// access   read
// param    after      str
// param    count      int
// column   member_id  str
// column   name       str?    null where there is none
MATCH (member:Member)
WHERE member.id > $after
RETURN
  member.id AS member_id,
  member.name AS name
ORDER BY member_id
LIMIT $count
