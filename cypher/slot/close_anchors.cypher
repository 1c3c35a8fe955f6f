// Notes on anchors whose last slot was just filled at which seq that was.
// access   write
// param    rows   list[map]    order_id, seq
UNWIND $rows AS row
MATCH (anchor:Order {id: row.order_id})
SET anchor.closed_seq = row.seq
