// The refunds that wait for their orders, by id, from after a given one on.
// access   read
// param    after_id      str
// param    count         int
// column   refund_id     str
// column   order_id      str
// column   amount_minor  int
// column   refunded_at   str
// column   status        str
// column   seq           int?
// column   reason        str?
MATCH (refund:Parked)
WHERE refund.id > $after_id
WITH refund
ORDER BY refund.id
LIMIT $count
RETURN
  refund.id AS refund_id,
  refund.order_id AS order_id,
  refund.amount_minor AS amount_minor,
  refund.refunded_at AS refunded_at,
  refund.status AS status,
  refund.seq AS seq,
  refund.reason AS reason
ORDER BY refund_id
