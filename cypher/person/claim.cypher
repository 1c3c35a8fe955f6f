// Notes whose key file sealed the first value; gives the one that is noted.
// access   write
// param    installation   str
// column   installation   str
MERGE (mark:PrivacyMark {name: 'keys'})
ON CREATE SET mark.installation = $installation, mark.erasures = 0
RETURN mark.installation AS installation
