// Dead letters that are tried again are waited for again; unknown scopes give no row.
// access   write
// param    scope_ids  list[str]
// column   scope_id   str
UNWIND $scope_ids AS scope_id
MATCH (letter:DeadLetter {scope_id: scope_id})
REMOVE letter.discarded_by, letter.discarded_reason
RETURN scope_id AS scope_id
