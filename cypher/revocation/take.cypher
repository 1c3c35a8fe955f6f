// Refuses all tokens of a subject that were issued before a moment; not new if a later moment is kept.
// access   write
// param    subject  str
// param    before   str    a moment
// column   new      bool
MERGE (revocation:Revocation {subject: $subject})
SET revocation.touched = true
WITH revocation, coalesce(revocation.before, '') < $before AS new
SET revocation.before = CASE WHEN new THEN $before ELSE revocation.before END
RETURN new
