// All rewards in the order of exports, for a stretch of the log.
// access   read
// param    after   int
// param    upto    int
// column   reward  map    the properties of the node
MATCH (reward:Reward)
WHERE reward.order_seq > $after AND reward.order_seq <= $upto
RETURN reward {.*} AS reward
ORDER BY reward.order_seq, reward.rule, reward.level, reward.beneficiary_id, reward.id
