// Holds locked rewards back, noting what a release gives back to them.
// access   write
// param    reward_ids  list[str]
// param    hold_id     str
// param    reason      str
UNWIND $reward_ids AS reward_id
MATCH (reward:Reward {id: reward_id})
SET
  reward.held_from = reward.state,
  reward.held_due_at = reward.due_at,
  reward.hold_id = $hold_id,
  reward.held_reason = $reason
SET reward.state = 'held', reward.due_at = null
