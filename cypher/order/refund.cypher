// Notes on orders that are locked what refunds have left of them.
// access   write
// param    rows   list[map]    order_id, refunded_minor, status, last_us
UNWIND $rows AS row
MATCH (purchase:Order {id: row.order_id})
SET purchase.refunded_minor = row.refunded_minor, purchase.status = row.status, purchase.last_us = row.last_us
