// The members seen with an identifier, by id.
// access   read
// param    kind       str
// param    token      str
// param    count      int
// column   member_id  str
MATCH (member:Member)-[:USES]->(:Identifier {kind: $kind, token: $token})
RETURN member.id AS member_id
ORDER BY member_id
LIMIT $count
