// The referrals that wait in the bank of each scope, oldest first.
// access   read
// param    scope_ids     list[str]
// column   scope_id      str
// column   seq           int
// column   order_id      str
// column   buyer_id      str
// column   net_minor     int
// column   currency      str
// column   completed_at  str
UNWIND $scope_ids AS scope_id
MATCH (referral:Order {banked_for: scope_id})
MATCH (buyer:Member)-[:PLACED]->(referral)
RETURN
  scope_id AS scope_id,
  referral.seq AS seq,
  referral.id AS order_id,
  buyer.id AS buyer_id,
  referral.banked_minor AS net_minor,
  referral.currency AS currency,
  referral.completed_at AS completed_at
ORDER BY scope_id, seq
