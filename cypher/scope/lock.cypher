// Locks scopes in id order, making those that are new, and reads how far each has been applied.
// access   write
// param    scope_ids   list[str]    sorted, each once
// column   scope_id    str
// column   applied_seq int
// column   cycles      int          how many of the member's orders ever received a referral
// column   dead        bool
UNWIND $scope_ids AS scope_id
MERGE (scope:Scope {member_id: scope_id})
ON CREATE SET scope.applied_seq = 0, scope.cycles = 0, scope.dead = false
SET scope.touched = true
RETURN
  scope_id AS scope_id,
  scope.applied_seq AS applied_seq,
  scope.cycles AS cycles,
  scope.dead AS dead
ORDER BY scope_id
