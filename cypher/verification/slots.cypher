// The slots of the anchors in a stretch of the log.
// access   read
// param    after                 int
// param    upto                  int
// column   anchor_seq            int
// column   anchor_id             str     the order that the slot hangs on
// column   anchor_order_id       str?    the order that the slot names
// column   position              int?
// column   referral_order_id     str?
MATCH (anchor:Order)
WHERE anchor.seq > $after AND anchor.seq <= $upto
MATCH (slot:Slot)-[:FILLS]->(anchor)
RETURN
  anchor.seq AS anchor_seq,
  anchor.id AS anchor_id,
  slot.anchor_order_id AS anchor_order_id,
  slot.position AS position,
  slot.referral_order_id AS referral_order_id
ORDER BY anchor_seq, position, referral_order_id
