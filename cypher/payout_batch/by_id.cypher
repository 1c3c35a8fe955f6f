// A batch by its id.
// access   read
// param    batch_id  str
// column   batch     map    the properties of the node
MATCH (batch:PayoutBatch {id: $batch_id})
RETURN batch {.*} AS batch
