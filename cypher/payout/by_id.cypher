// A payout by its id.
// access   read
// param    payout_id  str
// column   payout     map    the properties of the node
MATCH (payout:Payout {id: $payout_id})
RETURN payout {.*} AS payout
