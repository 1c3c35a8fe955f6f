// Refunds, and what an order keeps for them: its buyer's referrer at the completion, the stamp of its last event.
CREATE CONSTRAINT refund_id IF NOT EXISTS FOR (r:Refund) REQUIRE r.id IS UNIQUE;
CREATE INDEX refund_order IF NOT EXISTS FOR (r:Refund) ON (r.order_id);
CREATE INDEX parked_order IF NOT EXISTS FOR (p:Parked) ON (p.order_id);
CREATE INDEX parked_id IF NOT EXISTS FOR (p:Parked) ON (p.id);
MATCH (event:Event)
WHERE event.kind = 'OrderCompleted'
CALL (event) {
  MATCH (purchase:Order {id: event.order_id})
  WHERE purchase.last_us IS NULL
  SET purchase.referrer_id = event.referrer_id, purchase.last_us = event.accepted_us
} IN TRANSACTIONS OF 5000 ROWS;
