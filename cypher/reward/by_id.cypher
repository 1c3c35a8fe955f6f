// Rewards by their ids; unknown ids give no row.
// access   read
// param    reward_ids       list[str]
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
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
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
