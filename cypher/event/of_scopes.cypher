// The events that touch each scope between its own mark and the log's, in seq order.
// access   read
// param    rows      list[map]    scope_id, after
// param    upto      int
// column   scope_id  str
// column   event     map          the properties of the node
UNWIND $rows AS row
CALL (row) {
  MATCH (event:Event)
  WHERE event.buyer_id = row.scope_id AND event.seq > row.after AND event.seq <= $upto
  RETURN event
  UNION ALL
  MATCH (event:Event)
  WHERE event.referrer_id = row.scope_id AND event.seq > row.after AND event.seq <= $upto
  RETURN event
}
RETURN
  row.scope_id AS scope_id,
  event {.*} AS event
ORDER BY scope_id, event.seq
