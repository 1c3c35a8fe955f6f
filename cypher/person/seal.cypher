// Keeps what is sealed of members that exist and have nothing sealed yet.
// access   write
// param    rows   list[map]    member_id, kid, wrapped, name, phone, id_number
UNWIND $rows AS row
MATCH (member:Member {id: row.member_id})
SET
  member.sealed_name = row.name,
  member.sealed_phone = row.phone,
  member.sealed_id_number = row.id_number
REMOVE member.name
CREATE (:PersonKey {member_id: row.member_id, kid: row.kid, wrapped: row.wrapped})
