// Gives the oldest unnumbered events the next contiguous numbers. The caller holds the relay's lease.
// access   write
// param    count   int
// column   after   int    the last number before
// column   upto    int    the last number given
MATCH (log:Log {name: 'events'})
SET log.touched = true
WITH log
CALL (log) {
  MATCH (event:Unnumbered)
  USING INDEX event:Unnumbered(accepted_us, row)
  WHERE event.accepted_us > 0 AND event.row >= 0
  WITH event
  ORDER BY event.accepted_us, event.row
  LIMIT $count
  RETURN collect(event) AS events
}
WITH log, log.seq AS after, events
SET log.seq = after + size(events)
WITH after, events
UNWIND range(1, size(events)) AS place
WITH after, events, place, events[place - 1] AS event
SET event.seq = after + place
REMOVE event:Unnumbered
RETURN
  after AS after,
  max(after + place) AS upto
