// Refunds by their ids; unknown ids give no row.
// access   read
// param    refund_ids    list[str]
// column   refund_id     str
// column   order_id      str
// column   amount_minor  int
// column   refunded_at   str
// column   status        str
// column   seq           int?
// column   reason        str?
UNWIND $refund_ids AS refund_id
MATCH (refund:Refund {id: refund_id})
RETURN
  refund.id AS refund_id,
  refund.order_id AS order_id,
  refund.amount_minor AS amount_minor,
  refund.refunded_at AS refunded_at,
  refund.status AS status,
  refund.seq AS seq,
  refund.reason AS reason
