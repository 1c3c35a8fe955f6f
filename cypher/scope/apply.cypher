// Notes how far locked scopes have been applied now.
// access   write
// param    rows   list[map]    scope_id, cycles
// param    seq    int
UNWIND $rows AS row
MATCH (scope:Scope {member_id: row.scope_id})
SET
  scope.applied_seq = CASE WHEN scope.applied_seq < $seq THEN $seq ELSE scope.applied_seq END,
  scope.cycles = row.cycles
