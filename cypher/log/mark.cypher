// Raises the mark to the last number given. The caller holds the relay's lease, and numbers nothing in this transaction.
// access   write
MATCH (log:Log {name: 'events'})
SET log.mark = log.seq
