// Locks pending rewards whose hold has passed, the longest due first, and reads them. One that was settled while its
// lock was waited for has no due_at any more.
// access   write
// param    as_of   str
// param    count   int
// column   reward  map    the properties of the node
MATCH (candidate:Reward)
WHERE candidate.due_at <= $as_of
WITH candidate
ORDER BY candidate.due_at, candidate.id
LIMIT $count
WITH collect(candidate.id) AS ids
UNWIND ids AS reward_id
WITH reward_id
ORDER BY reward_id
MATCH (reward:Reward {id: reward_id})
SET reward.touched = true
WITH reward
RETURN reward {.*} AS reward
