// All numbered orders, newest first, from before a given seq on.
// access   read
// param    before          int
// param    count           int
// column   order_id        str
// column   member_id       str
// column   paid_minor      int
// column   refunded_minor  int
// column   currency        str
// column   status          str
// column   completed_at    str?
// column   seq             int?
MATCH (purchase:Order)
WHERE purchase.seq < $before
WITH purchase
ORDER BY purchase.seq DESC
LIMIT $count
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
ORDER BY seq DESC
