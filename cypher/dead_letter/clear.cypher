// Removes the dead letters of locked scopes that have been applied after all.
// access   write
// param    scope_ids   list[str]
UNWIND $scope_ids AS scope_id
MATCH (scope:Scope {member_id: scope_id})
SET scope.dead = false
WITH scope_id
MATCH (letter:DeadLetter {scope_id: scope_id})
DELETE letter
