// Notes that a locked payout came back, and why.
// access   write
// param    payout_id  str
// param    reason     str
MATCH (payout:Payout {id: $payout_id})
SET payout.status = 'failed', payout.failed_reason = $reason
