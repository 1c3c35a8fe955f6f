// The refunds of each of these orders, applied or not, in the order in which they were accepted.
// access   read
// param    order_ids     list[str]
// column   refund_id     str
// column   order_id      str
// column   amount_minor  int
// column   refunded_at   str
// column   status        str
// column   seq           int?
// column   reason        str?
UNWIND $order_ids AS id
MATCH (refund:Refund {order_id: id})
RETURN
  refund.id AS refund_id,
  refund.order_id AS order_id,
  refund.amount_minor AS amount_minor,
  refund.refunded_at AS refunded_at,
  refund.status AS status,
  refund.seq AS seq,
  refund.reason AS reason
ORDER BY order_id, refund.accepted_us, refund.row, refund_id
