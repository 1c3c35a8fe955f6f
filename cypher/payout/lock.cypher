// Locks a payout, and reads it.
// access   write
// param    payout_id  str
// column   payout     map    the properties of the node
MATCH (payout:Payout {id: $payout_id})
SET payout.touched = true
WITH payout
RETURN payout {.*} AS payout
