// Locks members in id order, and says which were erased; unknown ids give no row.
// access   write
// param    member_ids  list[str]    sorted
// column   member_id   str
// column   erased_at   str?
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
SET member.touched = true
RETURN
  member.id AS member_id,
  member.erased_at AS erased_at
