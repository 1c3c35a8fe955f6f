// Takes an API key back.
// access   write
// param    key_id  str
// param    at      str    a moment
MATCH (key:ApiKey {id: $key_id})
SET key.revoked_at = $at
