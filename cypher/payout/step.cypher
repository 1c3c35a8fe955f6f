// Moves all payouts of a locked batch to a status, those that failed apart.
// access   write
// param    batch_id  str
// param    status    str
MATCH (payout:Payout {batch_id: $batch_id})
WHERE payout.member_id > '' AND payout.status <> 'failed'
SET payout.status = $status
