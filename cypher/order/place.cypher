// Creates orders that do not exist yet.
// access   write
// param    rows   list[map]    order_id, member_id, amount_minor, currency, status, completed_at, referrer_id,
//                             last_us; in member order
UNWIND $rows AS row
MATCH (member:Member {id: row.member_id})
CREATE (member)-[:PLACED]->(:Order {
  id: row.order_id,
  paid_minor: row.amount_minor,
  refunded_minor: 0,
  currency: row.currency,
  status: row.status,
  completed_at: row.completed_at,
  referrer_id: row.referrer_id,
  last_us: row.last_us
})
