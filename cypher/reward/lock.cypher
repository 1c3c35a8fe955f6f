// Locks the rewards that exist among these ids, in id order, and reads them.
// access   write
// param    reward_ids  list[str]    sorted
// column   reward      map          the properties of the node
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
SET reward.touched = true
WITH reward
RETURN reward {.*} AS reward
