// The orders of each scope's member that still have an open slot or may have one, oldest first, with their slots.
// access   read
// param    rows          list[map]    scope_id, upto: only orders accepted up to that seq
// column   scope_id      str
// column   anchor        map          the properties of the order
// column   slots         list[map]    the properties of its slots
UNWIND $rows AS row
MATCH (member:Member {id: row.scope_id})-[:PLACED]->(anchor:Order)
WHERE anchor.seq <= row.upto AND anchor.closed_seq IS NULL
RETURN
  row.scope_id AS scope_id,
  anchor {.*} AS anchor,
  COLLECT {
    MATCH (slot:Slot)-[:FILLS]->(anchor)
    RETURN slot {.*}
  } AS slots
ORDER BY scope_id, anchor.seq
