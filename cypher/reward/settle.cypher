// Makes locked rewards available, each with the entry that says so.
// access   write
// param    rows   list[map]    reward_id, entry: the properties of the new node
UNWIND $rows AS row
MATCH (reward:Reward {id: row.reward_id})
CREATE (reward)<-[:OF]-(entry:Entry)
SET entry = row.entry, reward.state = 'available', reward.due_at = null
