// How many direct referees of each member have bought, as far as the sequence has counted.
// access   read
// param    member_ids  list[str]
// column   member_id   str
// column   direct      int
UNWIND $member_ids AS member_id
MATCH (scope:Scope {member_id: member_id})
WHERE scope.direct > 0
RETURN
  scope.member_id AS member_id,
  scope.direct AS direct
