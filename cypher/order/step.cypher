// Moves orders that are locked to their next status.
// access   write
// param    rows   list[map]    order_id, status, completed_at, referrer_id, last_us
UNWIND $rows AS row
MATCH (purchase:Order {id: row.order_id})
SET purchase.status = row.status, purchase.completed_at = row.completed_at,
  purchase.referrer_id = row.referrer_id, purchase.last_us = row.last_us
