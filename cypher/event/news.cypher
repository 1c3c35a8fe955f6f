// The scopes that events in a stretch of the log touch, each once.
// access   read
// param    after      int
// param    upto       int
// column   scope_id   str
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
UNWIND [event.buyer_id, event.referrer_id] AS scope_id
WITH scope_id
WHERE scope_id IS NOT NULL
RETURN DISTINCT scope_id AS scope_id
ORDER BY scope_id
