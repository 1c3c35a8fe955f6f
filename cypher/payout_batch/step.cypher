// Notes how far a locked batch has got: its status, and the last member it looked at.
// access   write
// param    batch_id  str
// param    status    str
// param    after     str
MATCH (batch:PayoutBatch {id: $batch_id})
SET batch.status = $status, batch.after = $after
