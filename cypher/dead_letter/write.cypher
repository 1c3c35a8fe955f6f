// Keeps a scope that could not be applied, with the reason, until somebody looks at it. One that was discarded has
// failed anew, and is looked at anew.
// access   write
// param    scope_id    str
// param    reason      str
// param    deliveries  int
// param    at          str
MERGE (scope:Scope {member_id: $scope_id})
ON CREATE SET scope.applied_seq = 0, scope.cycles = 0
SET scope.dead = true
MERGE (letter:DeadLetter {scope_id: $scope_id})
ON CREATE SET letter.since = $at
SET letter.reason = $reason, letter.deliveries = $deliveries, letter.at = $at
REMOVE letter.discarded_by, letter.discarded_reason
