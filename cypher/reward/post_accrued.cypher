// Writes new rewards, each with the entry that accrues it.
// access   write
// param    rows   list[map]    reward, entry: the properties of the two nodes
UNWIND $rows AS row
CREATE (reward:Reward)<-[:OF]-(entry:Entry)
SET reward = row.reward, entry = row.entry
