// The events in a stretch of the log, in seq order, each with the refund that it is about as it is stored now.
// access   read
// param    after         int
// param    upto          int
// column   seq           int
// column   kind          str
// column   member_id     str?
// column   order_id      str?
// column   buyer_id      str?
// column   referrer_id   str?
// column   amount_minor  int?
// column   currency      str?
// column   at            str?
// column   first         bool?
// column   month         str?
// column   plan_version  int?
// column   refund_id     str?
// column   refund        map?    the properties of the node
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
OPTIONAL MATCH (refund:Refund {id: event.refund_id})
RETURN
  event.seq AS seq,
  event.kind AS kind,
  event.member_id AS member_id,
  event.order_id AS order_id,
  event.buyer_id AS buyer_id,
  event.referrer_id AS referrer_id,
  coalesce(event.net_minor, event.amount_minor) AS amount_minor,
  event.currency AS currency,
  event.completed_at AS at,
  event.first AS first,
  event.month AS month,
  event.plan_version AS plan_version,
  event.refund_id AS refund_id,
  refund {.*} AS refund
ORDER BY seq
