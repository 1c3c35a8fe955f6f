// In a stretch of the log, the first events that are not applied yet, one row a scope. Dead letters apart. The closing of
// a month has no scope: it waits for the sequence, if a plan before it needs one.
// access   read
// param    after     int
// param    upto      int
// param    count     int
// column   seq       int
// column   scope_id  str?
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
CALL (event) {
  UNWIND [event.buyer_id, event.referrer_id] AS scope_id
  WITH event, scope_id
  WHERE scope_id IS NOT NULL
  OPTIONAL MATCH (scope:Scope {member_id: scope_id})
  WITH event, scope_id, scope
  WHERE (scope IS NULL OR scope.applied_seq < event.seq)
    AND NOT EXISTS { MATCH (:DeadLetter {scope_id: scope_id}) }
  RETURN scope_id
  UNION ALL
  MATCH (log:Log {name: 'events'})
  WHERE event.month IS NOT NULL AND coalesce(log.sequence_seq, -1) < event.seq
    AND EXISTS { MATCH (plan:PlanVersion) WHERE plan.version > 0 AND plan.in_sequence AND plan.seq < event.seq }
  RETURN null AS scope_id
}
RETURN
  event.seq AS seq,
  scope_id AS scope_id
ORDER BY seq, scope_id
LIMIT $count
