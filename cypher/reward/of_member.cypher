// A member's rewards, newest order first, from before a given place on.
// access   read
// param    beneficiary_id   str
// param    before           int
// param    before_id        str
// param    count            int
// column   reward_id        str
// column   order_id         str
// column   order_seq        int
// column   rule             str
// column   beneficiary_id   str
// column   plan_version     int
// column   amount_minor     int
// column   currency         str
// column   base_minor       int
// column   rate_bp          int
// column   path             list[str]
// column   state            str
// column   created_at       str
// column   due_at           str?      null once it is no longer pending
// column   level            int?
// column   slot             int?
// column   anchor_order_id  str?
MATCH (reward:Reward {beneficiary_id: $beneficiary_id})
WHERE reward.order_seq < $before OR (reward.order_seq = $before AND reward.id > $before_id)
WITH reward
ORDER BY reward.order_seq DESC, reward.id
LIMIT $count
RETURN
  reward.id AS reward_id,
  reward.order_id AS order_id,
  reward.order_seq AS order_seq,
  reward.rule AS rule,
  reward.beneficiary_id AS beneficiary_id,
  reward.plan_version AS plan_version,
  reward.amount_minor AS amount_minor,
  reward.currency AS currency,
  reward.base_minor AS base_minor,
  reward.rate_bp AS rate_bp,
  reward.path AS path,
  reward.state AS state,
  reward.created_at AS created_at,
  reward.due_at AS due_at,
  reward.level AS level,
  reward.slot AS slot,
  reward.anchor_order_id AS anchor_order_id
ORDER BY order_seq DESC, reward_id
