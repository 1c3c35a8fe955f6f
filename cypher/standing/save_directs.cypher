// Writes how many direct referees of each member have bought.
// access   write
// param    rows   list[map]    member_id, direct
UNWIND $rows AS row
MERGE (scope:Scope {member_id: row.member_id})
ON CREATE SET scope.applied_seq = 0, scope.cycles = 0, scope.dead = false
SET scope.direct = row.direct
