// Locks orders in id order, those that do not exist too, and reads them. Nobody creates one of these before this
// transaction ends: an unknown order is made and deleted at once, and its unique id stays locked.
// access   write
// param    order_ids       list[str]    sorted
// column   order_id        str
// column   member_id       str?         null for an unknown order, like all that follows but the last
// column   paid_minor      int?
// column   refunded_minor  int?
// column   currency        str?
// column   status          str?
// column   completed_at    str?
// column   seq             int?
// column   referrer_id     str?         the buyer's referrer at the completion
// column   last_us         int          when its last event, or its last parked refund, was accepted; else 0
UNWIND $order_ids AS order_id
MERGE (purchase:Order {id: order_id})
SET purchase.touched = true
WITH order_id, purchase
OPTIONAL MATCH (member:Member)-[:PLACED]->(purchase)
OPTIONAL MATCH (parked:Parked {order_id: order_id})
WITH order_id, purchase, member.id AS member_id, properties(purchase) AS found, max(parked.accepted_us) AS parked_us
FOREACH (unknown IN CASE WHEN member_id IS NULL THEN [purchase] ELSE [] END | DELETE unknown)
RETURN
  order_id AS order_id,
  member_id AS member_id,
  found.paid_minor AS paid_minor,
  found.refunded_minor AS refunded_minor,
  found.currency AS currency,
  found.status AS status,
  found.completed_at AS completed_at,
  found.seq AS seq,
  found.referrer_id AS referrer_id,
  coalesce(found.last_us, parked_us, 0) AS last_us
