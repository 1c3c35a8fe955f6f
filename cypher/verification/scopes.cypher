// All scopes by member, from after a given one on.
// access   read
// param    after        str
// param    count        int
// column   member_id    str
// column   applied_seq  int?
MATCH (scope:Scope)
WHERE scope.member_id > $after
WITH scope
ORDER BY scope.member_id
LIMIT $count
RETURN
  scope.member_id AS member_id,
  scope.applied_seq AS applied_seq
ORDER BY member_id
