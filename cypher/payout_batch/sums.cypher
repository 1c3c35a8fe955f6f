// What a batch pays, by currency; its failed payouts are only counted.
// access   read
// param    batch_id      str
// column   currency      str
// column   payouts       int
// column   amount_minor  int
// column   failed        int
MATCH (payout:Payout {batch_id: $batch_id})
WHERE payout.member_id > ''
RETURN
  payout.currency AS currency,
  sum(CASE payout.status WHEN 'failed' THEN 0 ELSE 1 END) AS payouts,
  sum(CASE payout.status WHEN 'failed' THEN 0 ELSE payout.amount_minor END) AS amount_minor,
  sum(CASE payout.status WHEN 'failed' THEN 1 ELSE 0 END) AS failed
ORDER BY currency
