// Notes what was decided on a locked adjustment, by whom and why.
// access   write
// param    adjustment_id  str
// param    status         str
// param    actor          str
// param    reason         str
MATCH (adjustment:Adjustment {id: $adjustment_id})
SET
  adjustment.status = $status,
  adjustment.decided_by = $actor,
  adjustment.decided_reason = $reason
