// Adjustments, newest first, before a place.
// access   read
// param    before      str    a moment
// param    before_id   str
// param    count       int
// column   adjustment  map    the properties of the node
MATCH (adjustment:Adjustment)
WHERE adjustment.at <= $before AND (adjustment.at < $before OR adjustment.id > $before_id)
WITH adjustment
ORDER BY adjustment.at DESC, adjustment.id
LIMIT $count
RETURN adjustment {.*} AS adjustment
ORDER BY adjustment.at DESC, adjustment.id
