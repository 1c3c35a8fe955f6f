// Appends the event of each order completed in this transaction.
// access   write
// param    rows         list[map]    order_id, member_id, referrer_id, amount_minor, currency, completed_at, row
// param    accepted_us  int          orders this batch among unnumbered events
UNWIND $rows AS row
CREATE (:Event:Unnumbered {
  kind: 'OrderCompleted',
  order_id: row.order_id,
  buyer_id: row.member_id,
  referrer_id: row.referrer_id,
  net_minor: row.amount_minor,
  currency: row.currency,
  completed_at: row.completed_at,
  accepted_us: $accepted_us,
  row: row.row
})
