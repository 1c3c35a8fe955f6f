// The dead letters, oldest first.
// access   read
// scan     allowed
// column   scope_id    str
// column   reason      str
// column   deliveries  int
// column   at          str
MATCH (letter:DeadLetter)
RETURN
  letter.scope_id AS scope_id,
  letter.reason AS reason,
  letter.deliveries AS deliveries,
  letter.at AS at
ORDER BY at, scope_id
