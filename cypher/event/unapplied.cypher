// In a stretch of the log, the events that some scope has not applied yet, one row a scope, oldest first.
// access   read
// param    after     int
// param    upto      int
// column   seq       int
// column   scope_id  str
// column   dead      bool    whether the scope waits as a dead letter
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
UNWIND [event.buyer_id, event.referrer_id] AS scope_id
WITH event, scope_id
WHERE scope_id IS NOT NULL
OPTIONAL MATCH (scope:Scope {member_id: scope_id})
WITH event, scope_id, scope
WHERE scope IS NULL OR scope.applied_seq < event.seq
RETURN
  event.seq AS seq,
  scope_id AS scope_id,
  EXISTS { MATCH (:DeadLetter {scope_id: scope_id}) } AS dead
ORDER BY seq, scope_id
