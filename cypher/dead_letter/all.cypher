// The dead letters, oldest first, and how many facts each scope has not applied.
// access   read
// scan     allowed
// column   scope_id    str
// column   reason      str
// column   deliveries  int
// column   since       str    the first failure
// column   at          str    the last failure
// column   discarded_by      str?
// column   discarded_reason  str?
// column   facts       int
MATCH (letter:DeadLetter)
OPTIONAL MATCH (scope:Scope {member_id: letter.scope_id})
WITH letter, coalesce(scope.applied_seq, 0) AS applied
RETURN
  letter.scope_id AS scope_id,
  letter.reason AS reason,
  letter.deliveries AS deliveries,
  coalesce(letter.since, letter.at) AS since,
  letter.at AS at,
  letter.discarded_by AS discarded_by,
  letter.discarded_reason AS discarded_reason,
  COUNT {
    MATCH (event:Event)
    WHERE event.buyer_id = letter.scope_id AND event.seq > applied
  } + COUNT {
    MATCH (event:Event)
    WHERE event.referrer_id = letter.scope_id AND event.seq > applied
  } AS facts
ORDER BY since, scope_id
