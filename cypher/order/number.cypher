// Gives orders the seq of their completion.
// access   write
// param    after   int
// param    upto    int
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto AND event.kind = 'OrderCompleted'
MATCH (purchase:Order {id: event.order_id})
SET purchase.seq = event.seq
