// The facts in a stretch of the log, in seq order: joins and publications of plans are none.
// access   read
// param    after  int
// param    upto   int
// column   event  map    the properties of the node
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto AND event.kind IN ['OrderCompleted', 'OrderRefunded', 'MonthClosed']
RETURN event {.*} AS event
ORDER BY event.seq
