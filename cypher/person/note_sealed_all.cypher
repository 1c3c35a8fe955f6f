// Notes that every plain name of an earlier version was sealed.
// access   write
MERGE (:PrivacyMark {name: 'plain names sealed'})
