// The rewards for each of these orders, in the order of exports.
// access   read
// param    order_seqs  list[int]
// column   reward      map          the properties of the node
UNWIND $order_seqs AS order_seq
MATCH (reward:Reward {order_seq: order_seq})
RETURN reward {.*} AS reward
ORDER BY reward.order_seq, reward.rule, reward.level, reward.beneficiary_id, reward.id
