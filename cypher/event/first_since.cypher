// The first completion, in the order of acceptance, that happened at a moment or after it.
// access   read
// scan     allowed
// param    since  str
// column   seq    int?
MATCH (event:Event)
WHERE event.completed_at >= $since AND event.seq IS NOT NULL
RETURN min(event.seq) AS seq
