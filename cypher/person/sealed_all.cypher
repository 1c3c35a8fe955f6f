// Whether every plain name of an earlier version was sealed; no row while that is not so.
// access   read
// column   name   str
MATCH (mark:PrivacyMark {name: 'plain names sealed'})
RETURN mark.name AS name
