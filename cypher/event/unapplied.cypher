// In a stretch of the log, the first events that some scope has not applied yet, one row a scope. Dead letters apart.
// access   read
// param    after     int
// param    upto      int
// param    count     int
// column   seq       int
// column   scope_id  str
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
UNWIND [event.buyer_id, event.referrer_id] AS scope_id
WITH event.seq AS seq, scope_id
WHERE scope_id IS NOT NULL
OPTIONAL MATCH (scope:Scope {member_id: scope_id})
WITH seq, scope_id, scope
WHERE (scope IS NULL OR scope.applied_seq < seq) AND NOT EXISTS { MATCH (:DeadLetter {scope_id: scope_id}) }
RETURN
  seq AS seq,
  scope_id AS scope_id
ORDER BY seq, scope_id
LIMIT $count
