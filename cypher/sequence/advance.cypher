// Notes how far the sequence has been applied. The caller holds its lease.
// access   write
// param    seq           int
// param    month_cursor  str
MATCH (log:Log {name: 'events'})
SET log.sequence_seq = $seq, log.sequence_month_cursor = $month_cursor
