// Numbered orders with their net amounts as far as their buyers' scopes have been applied.
// access   read
// param    order_ids   list[str]
// column   order_id    str
// column   seq         int
// column   net_minor   int
// column   completed_at  str
UNWIND $order_ids AS order_id
MATCH (purchase:Order {id: order_id})
RETURN
  purchase.id AS order_id,
  purchase.seq AS seq,
  coalesce(purchase.net_minor, purchase.paid_minor) AS net_minor,
  purchase.completed_at AS completed_at
