// Appends the event of each refund applied in this transaction.
// access   write
// param    rows   list[map]    refund_id, order_id, buyer_id, referrer_id, amount_minor, currency, refunded_at,
//                             accepted_us, row
UNWIND $rows AS row
CREATE (:Event:Unnumbered {
  kind: 'OrderRefunded',
  refund_id: row.refund_id,
  order_id: row.order_id,
  buyer_id: row.buyer_id,
  referrer_id: row.referrer_id,
  amount_minor: row.amount_minor,
  currency: row.currency,
  refunded_at: row.refunded_at,
  accepted_us: row.accepted_us,
  row: row.row
})
