// Locks the rewards for these orders, in id order, and reads them.
// access   write
// param    order_seqs  list[int]
// column   reward      map          the properties of the node
UNWIND $order_seqs AS order_seq
MATCH (found:Reward {order_seq: order_seq})
WITH DISTINCT found.id AS reward_id
ORDER BY reward_id
MATCH (reward:Reward {id: reward_id})
SET reward.touched = true
WITH reward
RETURN reward {.*} AS reward
