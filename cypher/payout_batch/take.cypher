// Locks a batch, making it if it is new, and reads it: what was there before, if it was.
// access   write
// param    batch_id    str
// param    properties  map     idempotency_key, currency ('' for any), minimum_minor, status, at, after
// column   batch       map     the properties of the node
MERGE (batch:PayoutBatch {id: $batch_id})
ON CREATE SET batch += $properties
SET batch.touched = true
WITH batch
RETURN batch {.*} AS batch
