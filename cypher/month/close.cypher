// Locks a month, and appends the fact of its closing if nobody has closed it before.
// access   write
// param    month        str
// param    actor        str
// param    at           str
// param    accepted_us  int
// column   new          bool
MERGE (month:Month {month: $month})
ON CREATE SET month.actor = $actor, month.at = $at
SET month.touched = true
WITH month, month.accepted_us IS NULL AS new
SET month.accepted_us = coalesce(month.accepted_us, $accepted_us)
FOREACH (_ IN CASE WHEN new THEN [1] ELSE [] END |
  CREATE (month)<-[:CLOSES]-(:Event:Unnumbered {
    kind: 'MonthClosed',
    month: $month,
    accepted_us: $accepted_us,
    row: 0
  }))
RETURN new AS new
