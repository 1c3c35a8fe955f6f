// Notes that so many erasures of the register were looked for here, and whose register it is.
// access   write
// param    installation  str
// param    erasures      int
MERGE (mark:PrivacyMark {name: 'keys'})
ON CREATE SET mark.installation = $installation, mark.erasures = 0
SET mark.erasures = CASE WHEN mark.erasures < $erasures THEN $erasures ELSE mark.erasures END
