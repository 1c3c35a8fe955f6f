// Moves the mark of what has been announced, in either direction. The caller holds the relay's lease.
// access   write
// param    seq   int
MATCH (log:Log {name: 'events'})
SET log.published_seq = $seq
