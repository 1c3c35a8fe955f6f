// Whose key file sealed the values here, and how many erasures were applied; no row before the first value.
// access   read
// column   installation  str
// column   erasures      int
MATCH (mark:PrivacyMark {name: 'keys'})
RETURN
  mark.installation AS installation,
  mark.erasures AS erasures
