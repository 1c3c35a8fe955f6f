// The orders in a stretch of the log, in seq order, with their buyers and their refunds.
// access   read
// param    after           int
// param    upto            int
// column   seq             int
// column   order_id        str?
// column   buyer_ids       list[str]
// column   paid_minor      int?
// column   refunded_minor  int?
// column   net_minor       int?         as far as its buyer's scope has been applied; null until it is refunded
// column   currency        str?
// column   status          str?
// column   completed_at    str?
// column   refunds         list[map]    id, amount_minor, status, seq
MATCH (purchase:Order)
WHERE purchase.seq > $after AND purchase.seq <= $upto
RETURN
  purchase.seq AS seq,
  purchase.id AS order_id,
  COLLECT {
    MATCH (buyer:Member)-[:PLACED]->(purchase)
    RETURN buyer.id
  } AS buyer_ids,
  purchase.paid_minor AS paid_minor,
  purchase.refunded_minor AS refunded_minor,
  purchase.net_minor AS net_minor,
  purchase.currency AS currency,
  purchase.status AS status,
  purchase.completed_at AS completed_at,
  COLLECT {
    MATCH (refund:Refund)-[:REFUNDS]->(purchase)
    RETURN refund {.id, .amount_minor, .status, .seq}
  } AS refunds
ORDER BY seq
