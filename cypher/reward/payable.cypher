// The next members after one who have available rewards in a currency, or in any, and how many.
// access   read
// param    after      str
// param    currency   str    '' for any
// param    count      int
// column   member_id  str
// column   rewards    int
MATCH (reward:Reward)
WHERE reward.state = 'available' AND reward.beneficiary_id > $after
WITH reward
WHERE $currency = '' OR reward.currency = $currency
WITH reward.beneficiary_id AS member_id, count(reward) AS rewards
ORDER BY member_id
LIMIT $count
RETURN
  member_id AS member_id,
  rewards AS rewards
ORDER BY member_id
