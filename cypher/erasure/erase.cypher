// Destroys what is known of locked members: their keys, their sealed values, and the edges to their identifiers.
// access   write
// param    member_ids  list[str]    sorted
// param    at          str
// column   tokens      list[str]    kind and token of each identifier that they used, joined by a space
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
SET member.erased_at = $at
REMOVE member.name, member.sealed_name, member.sealed_phone, member.sealed_id_number
WITH member
CALL (member) {
  OPTIONAL MATCH (key:PersonKey {member_id: member.id})
  DELETE key
}
CALL (member) {
  MATCH (member)-[uses:USES]->(identifier:Identifier)
  WITH uses, identifier, identifier.kind + ' ' + identifier.token AS token
  DELETE uses
  RETURN collect(token) AS tokens
}
RETURN tokens AS tokens
