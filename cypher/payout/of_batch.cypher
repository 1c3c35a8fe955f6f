// The next payouts of a batch after a member's, by member and currency.
// access   read
// param    batch_id  str
// param    after     str    the last member seen
// param    after_id  str    the currency of the last payout seen
// param    count     int
// column   payout    map    the properties of the node
MATCH (payout:Payout {batch_id: $batch_id})
WHERE payout.member_id >= $after AND (payout.member_id > $after OR payout.currency > $after_id)
WITH payout
ORDER BY payout.member_id, payout.currency
LIMIT $count
RETURN payout {.*} AS payout
ORDER BY payout.member_id, payout.currency
