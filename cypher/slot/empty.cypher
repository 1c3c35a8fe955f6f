// Takes all slots off anchors that are about to be written whole.
// access   write
// param    order_ids   list[str]
UNWIND $order_ids AS order_id
MATCH (anchor:Order {id: order_id})<-[:FILLS]-(slot:Slot)
DETACH DELETE slot
