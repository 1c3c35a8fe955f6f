// The orders of each scope's member that still have an open slot or may have one, oldest first, with their slots.
// access   read
// param    rows          list[map]    scope_id, upto: only orders accepted up to that seq
// column   scope_id      str
// column   seq           int
// column   order_id      str
// column   net_minor     int
// column   currency      str
// column   completed_at  str
// column   slots         list[map]    position, base_minor, granted_minor, and the referral's order_id, seq, ...
UNWIND $rows AS row
MATCH (member:Member {id: row.scope_id})-[:PLACED]->(anchor:Order)
WHERE anchor.seq <= row.upto AND anchor.closed_seq IS NULL
RETURN
  row.scope_id AS scope_id,
  anchor.seq AS seq,
  anchor.id AS order_id,
  anchor.paid_minor - anchor.refunded_minor AS net_minor,
  anchor.currency AS currency,
  anchor.completed_at AS completed_at,
  COLLECT {
    MATCH (slot:Slot)-[:FILLS]->(anchor)
    RETURN slot {.*}
    ORDER BY slot.position
  } AS slots
ORDER BY scope_id, seq
