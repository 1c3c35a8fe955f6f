// The facts that a dead letter's scope has not applied, in seq order.
// access   read
// param    scope_ids  list[str]
// param    count      int
// column   seq        int
// column   kind       str
// column   order_id   str?
// column   buyer_id   str?
// column   currency   str?
UNWIND $scope_ids AS scope_id
MATCH (:DeadLetter {scope_id: scope_id})
OPTIONAL MATCH (scope:Scope {member_id: scope_id})
WITH scope_id, coalesce(scope.applied_seq, 0) AS applied
CALL (scope_id, applied) {
  MATCH (event:Event)
  WHERE event.buyer_id = scope_id AND event.seq > applied
  RETURN event
  UNION
  MATCH (event:Event)
  WHERE event.referrer_id = scope_id AND event.seq > applied
  RETURN event
}
WITH event
ORDER BY event.seq
LIMIT $count
RETURN
  event.seq AS seq,
  event.kind AS kind,
  event.order_id AS order_id,
  event.buyer_id AS buyer_id,
  event.currency AS currency
ORDER BY seq
