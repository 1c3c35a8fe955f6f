// Every API key, newest first.
// access   read
// scan     allowed
// column   key     map    the properties of the node
MATCH (key:ApiKey)
RETURN key {.*} AS key
ORDER BY key.created_at DESC, key.id
