// Writes slots just filled. The keys refuse a second filling of the same slot or by the same referral.
// access   write
// param    rows   list[map]    anchor_order_id and slot: the properties of the node
UNWIND $rows AS row
MATCH (anchor:Order {id: row.anchor_order_id})
CREATE (slot:Slot)-[:FILLS]->(anchor)
SET slot = row.slot
