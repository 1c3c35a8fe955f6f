// Notes on locked rewards how much of them has been paid out now, and where the rest lies.
// access   write
// param    rows   list[map]    reward_id, paid_minor, state
UNWIND $rows AS row
MATCH (reward:Reward {id: row.reward_id})
SET reward.paid_minor = row.paid_minor, reward.state = row.state
