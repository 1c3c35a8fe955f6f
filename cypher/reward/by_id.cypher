// Rewards by their ids; unknown ids give no row.
// access   read
// param    reward_ids  list[str]
// column   reward      map          the properties of the node
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
RETURN reward {.*} AS reward
