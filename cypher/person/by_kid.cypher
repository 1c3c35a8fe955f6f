// Persons' keys that a master key wraps.
// access   read
// param    kid        str
// param    count      int
// column   member_id  str
// column   wrapped    bytes
MATCH (key:PersonKey {kid: $kid})
RETURN
  key.member_id AS member_id,
  key.wrapped AS wrapped
LIMIT $count
