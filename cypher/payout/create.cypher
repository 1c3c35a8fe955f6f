// Writes new payouts. Their keys refuse a second writing.
// access   write
// param    rows   list[map]    the properties of the nodes
UNWIND $rows AS row
CREATE (payout:Payout)
SET payout = row
