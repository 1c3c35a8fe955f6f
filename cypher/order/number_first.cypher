// Notes on each buyer, and on the event itself, their first accepted completion, whatever becomes of it.
// access   write
// param    after   int
// param    upto    int
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto AND event.kind = 'OrderCompleted'
WITH event.buyer_id AS buyer_id, min(event.seq) AS first
ORDER BY buyer_id
MATCH (buyer:Member {id: buyer_id})
WHERE buyer.first_order_seq IS NULL
SET buyer.first_order_seq = first
WITH first
MATCH (event:Event {seq: first})
SET event.first = true
