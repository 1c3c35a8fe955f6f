// When the first order accepted after a seq was completed; no row if there is none.
// access   read
// param    after         int
// column   completed_at  str
MATCH (purchase:Order)
WHERE purchase.seq > $after
RETURN purchase.completed_at AS completed_at
ORDER BY purchase.seq
LIMIT 1
