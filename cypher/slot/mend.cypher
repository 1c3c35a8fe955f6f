// Notes on anchors that refunds have touched whether a slot of theirs is open: closed_seq is null while one is.
// access   write
// param    rows   list[map]    order_id, closed_seq, mended
UNWIND $rows AS row
MATCH (anchor:Order {id: row.order_id})
SET anchor.closed_seq = row.closed_seq, anchor.mended = row.mended
