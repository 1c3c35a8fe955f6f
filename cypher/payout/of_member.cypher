// A member's payouts, newest first, before a place.
// access   read
// param    member_id  str
// param    before     str    a moment
// param    before_id  str
// param    count      int
// column   payout     map    the properties of the node
MATCH (payout:Payout {member_id: $member_id})
WHERE payout.at <= $before AND (payout.at < $before OR payout.id > $before_id)
WITH payout
ORDER BY payout.at DESC, payout.id
LIMIT $count
RETURN payout {.*} AS payout
ORDER BY payout.at DESC, payout.id
