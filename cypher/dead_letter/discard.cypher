// Notes that a dead letter is not waited for any more, by whom and why; no row for a scope that is none.
// access   write
// param    scope_id  str
// param    actor     str
// param    reason    str
// column   scope_id  str
MATCH (letter:DeadLetter {scope_id: $scope_id})
SET letter.discarded_by = $actor, letter.discarded_reason = $reason
RETURN letter.scope_id AS scope_id
