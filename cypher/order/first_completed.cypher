// When the order was completed that was completed first; no row while there is none.
// access   read
// column   completed_at   str
MATCH (purchase:Order)
USING INDEX purchase:Order(completed_at)
WHERE purchase.completed_at > ''
RETURN purchase.completed_at AS completed_at
ORDER BY completed_at
LIMIT 1
