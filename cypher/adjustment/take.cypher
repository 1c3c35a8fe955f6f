// Locks an adjustment, making it if it is new, and reads it: what was there before, if it was.
// access   write
// param    adjustment_id  str
// param    properties     map     member_id, currency, amount_minor, reason, actor, at, status
// column   adjustment     map     the properties of the node
// column   new            bool
MERGE (adjustment:Adjustment {id: $adjustment_id})
ON CREATE SET adjustment += $properties, adjustment.takes = 0
SET adjustment.takes = adjustment.takes + 1
WITH adjustment
RETURN
  adjustment {.*} AS adjustment,
  adjustment.takes = 1 AS new
