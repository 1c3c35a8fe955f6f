// Whose tokens issued before which moment are refused, of the moments since one.
// access   read
// param    since    str    a moment
// column   subject  str
// column   before   str    a moment
MATCH (revocation:Revocation)
WHERE revocation.before >= $since
RETURN
  revocation.subject AS subject,
  revocation.before AS before
ORDER BY subject
