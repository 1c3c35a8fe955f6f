// What the rewards for a stretch of the log are due together, by beneficiary, rule and currency, as one row of lists.
// Adjustments are no plan's.
// access   read
// param    after            int
// param    upto             int
// column   beneficiary_ids  list[str]
// column   rules            list[str]
// column   currencies       list[str]
// column   sums             list[int]    minor units
MATCH (reward:Reward)
WHERE reward.order_seq > $after AND reward.order_seq <= $upto AND reward.rule <> 'adjustment'
WITH reward.beneficiary_id AS beneficiary_id, reward.rule AS rule, reward.currency AS currency,
  sum(reward.amount_minor) AS minor
RETURN
  collect(beneficiary_id) AS beneficiary_ids,
  collect(rule) AS rules,
  collect(currency) AS currencies,
  collect(minor) AS sums
