// Writes down a plan that is to be published at its moment.
// access   write
// param    id               str
// param    at               str    the moment, as stored
// param    document         str
// param    name             str
// param    idempotency_key  str
// param    accepted_us      int
CREATE (:ScheduledPlan {
  id: $id,
  at: $at,
  document: $document,
  name: $name,
  idempotency_key: $idempotency_key,
  accepted_us: $accepted_us,
  state: 'scheduled'
})
