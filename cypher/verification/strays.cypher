// What hangs on nothing: entries without a reward, slots without an anchor, refunds and orders that the log left out.
// An order or refund may also just be waiting to be numbered.
// access   read
// scan     allowed
// param    count     int
// column   code      str
// column   id        str
MATCH (log:Log {name: 'events'})
CALL (log) {
  MATCH (n:Entry)
  WHERE NOT EXISTS { (n)-[:OF]->(:Reward) }
  RETURN 'ENTRY_WITHOUT_REWARD' AS code, n
  UNION ALL
  MATCH (n:Slot)
  WHERE NOT EXISTS { (n)-[:FILLS]->(:Order) }
  RETURN 'SLOT_WITHOUT_ANCHOR' AS code, n
  UNION ALL
  MATCH (n:Refund)
  WHERE NOT n:Parked AND (NOT EXISTS { (n)-[:REFUNDS]->(:Order) } OR n.status = 'applied' AND n.seq IS NULL)
  RETURN 'REFUND_WITHOUT_EVENT' AS code, n
  UNION ALL
  MATCH (n:Order)
  WHERE n.seq > log.seq OR n.completed_at IS NOT NULL AND n.seq IS NULL
  RETURN 'ORDER_WITHOUT_EVENT' AS code, n
}
WITH code, n
LIMIT $count
RETURN
  code AS code,
  coalesce(n.id, elementId(n)) AS id
