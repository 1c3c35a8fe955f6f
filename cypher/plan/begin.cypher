// The plan that a fresh store starts with, in force from before the first fact.
// access   write
// param    document  str
// param    name      str
MERGE (counter:Counter {name: 'plans'})
ON CREATE SET counter.value = 1
MERGE (plan:PlanVersion {version: 1})
ON CREATE SET
  plan.seq = 0,
  plan.name = $name,
  plan.document = $document,
  plan.idempotency_key = 'initial'
