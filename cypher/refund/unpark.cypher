// Says of parked refunds what became of them, and hangs them onto their orders.
// access   write
// param    rows   list[map]    refund_id, order_id, status, reason
UNWIND $rows AS row
MATCH (refund:Refund {id: row.refund_id})
MATCH (purchase:Order {id: row.order_id})
SET refund.status = row.status, refund.reason = row.reason
REMOVE refund:Parked
CREATE (refund)-[:REFUNDS]->(purchase)
