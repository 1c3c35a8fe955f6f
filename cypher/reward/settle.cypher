// Makes locked rewards available, each with the entries that say so: none where nothing was left to move.
// access   write
// param    rows   list[map]    reward_id, entries: the properties of new nodes
UNWIND $rows AS row
MATCH (reward:Reward {id: row.reward_id})
SET reward.state = 'available', reward.due_at = null
FOREACH (properties IN row.entries |
  CREATE (reward)<-[:OF]-(entry:Entry)
  SET entry = properties)
