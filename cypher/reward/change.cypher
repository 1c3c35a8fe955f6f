// Writes what locked rewards are worth and due now.
// access   write
// param    rows   list[map]    id, changes: properties to set
UNWIND $rows AS row
MATCH (reward:Reward {id: row.id})
SET reward += row.changes
