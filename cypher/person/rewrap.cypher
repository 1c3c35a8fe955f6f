// Puts persons' keys under another master key, those that have not changed or gone meanwhile.
// access   write
// param    rows       list[map]    member_id, before, kid, wrapped; in member_id order
// column   rewrapped  int
UNWIND $rows AS row
MATCH (key:PersonKey {member_id: row.member_id})
SET key.touched = true
WITH key, row
WHERE key.wrapped = row.before
SET key.kid = row.kid, key.wrapped = row.wrapped
RETURN count(key) AS rewrapped
