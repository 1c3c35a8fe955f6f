// Notes that an API key was used, unless a use since some moment is noted.
// access   write
// param    key_id  str
// param    at      str    a moment
// param    since   str    an earlier one
MATCH (key:ApiKey {id: $key_id})
WHERE coalesce(key.last_used_at, '') < $since
SET key.last_used_at = $at
