// Keeps a new API key; not new is one that the same work wrote before.
// access   write
// param    key_id      str
// param    properties  map    secret_hash, name, roles, member_id?, created_by, created_at, expires_at?
// column   new         bool
MERGE (key:ApiKey {id: $key_id})
ON CREATE SET key += $properties, key.takes = 0
SET key.takes = key.takes + 1
WITH key
RETURN key.takes = 1 AS new
