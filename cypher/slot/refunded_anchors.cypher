// The orders of each scope's member that are among the refunded ones, or hold one of them in a slot, with their slots.
// access   read
// param    rows          list[map]    scope_id, order_ids, upto: only orders accepted up to that seq
// column   scope_id      str
// column   anchor        map          the properties of the order
// column   slots         list[map]    the properties of its slots
UNWIND $rows AS row
CALL (row) {
  UNWIND row.order_ids AS order_id
  MATCH (:Member {id: row.scope_id})-[:PLACED]->(anchor:Order {id: order_id})
  RETURN anchor
  UNION
  UNWIND row.order_ids AS order_id
  MATCH (:Slot {referral_order_id: order_id})-[:FILLS]->(anchor:Order)
  RETURN anchor
}
WITH row, anchor
WHERE anchor.seq <= row.upto AND EXISTS { MATCH (:Member {id: row.scope_id})-[:PLACED]->(anchor) }
RETURN
  row.scope_id AS scope_id,
  anchor {.*} AS anchor,
  COLLECT {
    MATCH (slot:Slot)-[:FILLS]->(anchor)
    RETURN slot {.*}
  } AS slots
ORDER BY scope_id, anchor.seq
