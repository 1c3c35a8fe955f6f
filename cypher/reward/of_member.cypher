// A member's rewards, newest order first, from before a given place on.
// access   read
// param    beneficiary_id  str
// param    before          int
// param    before_id       str
// param    count           int
// column   reward          map    the properties of the node
MATCH (reward:Reward {beneficiary_id: $beneficiary_id})
WHERE reward.order_seq < $before OR (reward.order_seq = $before AND reward.id > $before_id)
WITH reward
ORDER BY reward.order_seq DESC, reward.id
LIMIT $count
RETURN reward {.*} AS reward
ORDER BY reward.order_seq DESC, reward.id
