// Locks an adjustment that exists, and reads it.
// access   write
// param    adjustment_id  str
// column   adjustment     map    the properties of the node
MATCH (adjustment:Adjustment {id: $adjustment_id})
SET adjustment.touched = true
WITH adjustment
RETURN adjustment {.*} AS adjustment
