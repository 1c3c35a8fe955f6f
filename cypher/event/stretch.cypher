// The facts in a stretch of the log, in seq order; publications of plans are none.
// access   read
// param    after  int
// param    upto   int
// column   event  map    the properties of the node
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto AND event.kind <> 'PlanPublished'
RETURN event {.*} AS event
ORDER BY event.seq
