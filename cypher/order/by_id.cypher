// Orders by their ids; unknown ids give no row.
// access   read
// param    order_ids       list[str]
// column   order_id        str
// column   member_id       str
// column   paid_minor      int
// column   refunded_minor  int
// column   currency        str
// column   status          str
// column   completed_at    str?
// column   seq             int?
UNWIND $order_ids AS order_id
MATCH (purchase:Order {id: order_id})
MATCH (member:Member)-[:PLACED]->(purchase)
RETURN
  purchase.id AS order_id,
  member.id AS member_id,
  purchase.paid_minor AS paid_minor,
  purchase.refunded_minor AS refunded_minor,
  purchase.currency AS currency,
  purchase.status AS status,
  purchase.completed_at AS completed_at,
  purchase.seq AS seq
