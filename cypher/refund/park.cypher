// Keeps refunds that wait for their orders.
// access   write
// param    rows   list[map]    refund_id, order_id, amount_minor, refunded_at, status, accepted_us, row
UNWIND $rows AS row
CREATE (:Refund:Parked {
  id: row.refund_id,
  order_id: row.order_id,
  amount_minor: row.amount_minor,
  refunded_at: row.refunded_at,
  status: row.status,
  accepted_us: row.accepted_us,
  row: row.row
})
