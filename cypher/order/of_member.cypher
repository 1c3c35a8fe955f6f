// A member's numbered orders, newest first, from before a given seq on.
// access   read
// param    member_id       str
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
MATCH (member:Member {id: $member_id})-[:PLACED]->(purchase:Order)
WHERE purchase.seq < $before
WITH member, purchase
ORDER BY purchase.seq DESC
LIMIT $count
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
