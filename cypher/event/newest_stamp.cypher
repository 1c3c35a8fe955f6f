// The highest acceptance stamp that still waits to be numbered; no row when none does.
// access   read
// column   accepted_us   int
MATCH (event:Unnumbered)
USING INDEX event:Unnumbered(accepted_us, row)
WHERE event.accepted_us > 0 AND event.row >= 0
RETURN event.accepted_us AS accepted_us
ORDER BY accepted_us DESC
LIMIT 1
