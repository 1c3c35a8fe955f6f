// Notes that standings hold all facts up to where the sequence stands. The caller holds its lease.
// access   write
// param    seq   int
MATCH (log:Log {name: 'events'})
SET log.sequence_seq = $seq, log.sequence_counted = true
