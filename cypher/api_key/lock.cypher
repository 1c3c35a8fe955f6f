// Locks an API key that exists, and reads it.
// access   write
// param    key_id  str
// column   key     map    the properties of the node
MATCH (key:ApiKey {id: $key_id})
SET key.touched = true
WITH key
RETURN key {.*} AS key
