// Raises the mark up to which every scope has applied its events; it never falls.
// access   write
// param    seq   int
MATCH (log:Log {name: 'events'})
SET log.touched = true
WITH log
WHERE log.applied_seq < $seq
SET log.applied_seq = $seq
