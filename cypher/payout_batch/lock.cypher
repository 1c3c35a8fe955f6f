// Locks a batch that exists, and reads it.
// access   write
// param    batch_id  str
// column   batch     map    the properties of the node
MATCH (batch:PayoutBatch {id: $batch_id})
SET batch.touched = true
WITH batch
RETURN batch {.*} AS batch
