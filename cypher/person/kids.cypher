// How many persons' keys each master key wraps.
// access   read
// scan     allowed
// column   kid    str
// column   count  int
MATCH (key:PersonKey)
RETURN
  key.kid AS kid,
  count(key) AS count
ORDER BY kid
