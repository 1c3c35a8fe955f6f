// Writes what locked rewards are worth and due now. One that was paid, and of which more falls due, is available again.
// access   write
// param    rows   list[map]    id, changes: properties to set
UNWIND $rows AS row
MATCH (reward:Reward {id: row.id})
SET reward += row.changes
SET reward.state = CASE
  WHEN reward.state = 'paid' AND reward.amount_minor > reward.paid_minor THEN 'available'
  ELSE reward.state
END
