// Appends entries to their rewards. Their keys refuse a second writing.
// access   write
// param    rows   list[map]    reward_id, entry: the properties of the new node
UNWIND $rows AS row
MATCH (reward:Reward {id: row.reward_id})
CREATE (reward)<-[:OF]-(entry:Entry)
SET entry = row.entry
