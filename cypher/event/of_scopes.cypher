// The order events that touch each scope between its own mark and the log's, in seq order.
// access   read
// param    rows          list[map]    scope_id, after
// param    upto          int
// column   scope_id      str
// column   seq           int
// column   order_id      str
// column   buyer_id      str
// column   referrer_id   str?
// column   net_minor     int
// column   currency      str
// column   completed_at  str
// column   first         bool
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
  event.seq AS seq,
  event.order_id AS order_id,
  event.buyer_id AS buyer_id,
  event.referrer_id AS referrer_id,
  event.net_minor AS net_minor,
  event.currency AS currency,
  event.completed_at AS completed_at,
  event.first IS NOT NULL AS first
ORDER BY scope_id, seq
