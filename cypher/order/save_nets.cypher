// Notes the net amounts of refunded orders, as far as their buyers' scopes have been applied.
// access   write
// param    rows   list[map]    order_id, net_minor
UNWIND $rows AS row
MATCH (purchase:Order {id: row.order_id})
SET purchase.net_minor = row.net_minor
