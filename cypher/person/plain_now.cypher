// The plain names among these members that are still plain once the members are locked.
// access   write
// param    member_ids  list[str]    sorted
// column   member_id   str
// column   name        str?
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
SET member.touched = true
WITH member
WHERE member.name IS NOT NULL
RETURN
  member.id AS member_id,
  member.name AS name
