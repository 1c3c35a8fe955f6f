// Gives locked rewards that are held back what they were.
// access   write
// param    reward_ids  list[str]
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
SET reward.state = reward.held_from, reward.due_at = reward.held_due_at
REMOVE reward.held_from, reward.held_due_at, reward.hold_id, reward.held_reason
