// Appends the next plan version with its event. The counter is locked first, so that versions are contiguous.
// access   write
// param    document         str
// param    name             str
// param    idempotency_key  str
// param    in_sequence      bool   whether its facts are applied one after the other
// param    accepted_us      int
// column   version          int
MATCH (counter:Counter {name: 'plans'})
SET counter.value = counter.value + 1
WITH counter.value AS version
CREATE (:PlanVersion {
  version: version,
  name: $name,
  document: $document,
  idempotency_key: $idempotency_key,
  in_sequence: $in_sequence
})
CREATE (:Event:Unnumbered {kind: 'PlanPublished', plan_version: version, accepted_us: $accepted_us, row: 0})
RETURN version AS version
