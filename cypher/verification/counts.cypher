// How many there are of what verification reads, from the count store.
// access   read
// scan     allowed
// column   rewards    int
// column   entries    int
// column   slots      int
// column   volumes    int
// column   standings  int
RETURN
  COUNT { (:Reward) } AS rewards,
  COUNT { (:Entry) } AS entries,
  COUNT { (:Slot) } AS slots,
  COUNT { (:TeamVolume) } AS volumes,
  COUNT { (:Standing) } AS standings
