// Moves orders that are locked to their next status.
// access   write
// param    rows   list[map]    order_id, status, completed_at
UNWIND $rows AS row
MATCH (purchase:Order {id: row.order_id})
SET purchase.status = row.status, purchase.completed_at = row.completed_at
