// Counts one erasure of the register as applied here.
// access   write
MATCH (mark:PrivacyMark {name: 'keys'})
SET mark.erasures = mark.erasures + 1
