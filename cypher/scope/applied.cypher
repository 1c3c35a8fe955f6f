// How far each scope has been applied; a scope that has never had news gives no row.
// access   read
// param    scope_ids    list[str]
// column   scope_id     str
// column   applied_seq  int
UNWIND $scope_ids AS scope_id
MATCH (scope:Scope {member_id: scope_id})
RETURN
  scope_id AS scope_id,
  scope.applied_seq AS applied_seq
