// Notes the newest checkpoint in the database, so that an older file of checkpoints is seen to be one.
// access   write
// param    number   int
// param    hash     str
MERGE (mark:AuditMark {name: 'checkpoints'})
ON CREATE SET mark.number = 0
SET mark.touched = true
WITH mark
WHERE mark.number < $number
SET mark.number = $number, mark.hash = $hash
