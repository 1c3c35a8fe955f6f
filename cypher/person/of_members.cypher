// What is sealed of members, with their wrapped keys; unknown ids give no row.
// access   read
// param    member_ids  list[str]
// column   member_id   str
// column   kid         str?      null where nothing is sealed
// column   wrapped     bytes?
// column   name        bytes?
// column   phone       bytes?
// column   id_number   bytes?
// column   erased_at   str?
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
OPTIONAL MATCH (key:PersonKey {member_id: member.id})
RETURN
  member.id AS member_id,
  key.kid AS kid,
  key.wrapped AS wrapped,
  member.sealed_name AS name,
  member.sealed_phone AS phone,
  member.sealed_id_number AS id_number,
  member.erased_at AS erased_at
