// Writes new rewards.
// access   write
// param    rows   list[map]    the properties of the nodes
UNWIND $rows AS row
CREATE (reward:Reward)
SET reward = row
