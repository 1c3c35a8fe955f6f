// Locks rewards by their ids, and reads them; unknown ids give no row.
// access   write
// param    reward_ids  list[str]    sorted, each once
// column   reward      map          the properties of the node
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
SET reward.touched = true
WITH reward
RETURN reward {.*} AS reward
