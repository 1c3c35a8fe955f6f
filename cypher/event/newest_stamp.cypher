// The highest acceptance stamp that still waits to be numbered; 0 when none does.
// access   read
// column   accepted_us   int
OPTIONAL MATCH (event:Unnumbered)
WHERE event.accepted_us > 0
RETURN coalesce(max(event.accepted_us), 0) AS accepted_us
