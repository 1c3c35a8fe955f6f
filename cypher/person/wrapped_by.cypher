// How many persons' keys one master key wraps.
// access   read
// param    kid    str
// column   count  int
MATCH (key:PersonKey {kid: $kid})
RETURN count(key) AS count
