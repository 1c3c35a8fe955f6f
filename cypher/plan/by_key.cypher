// The plan version that was published under an idempotency key, if any.
// access   read
// param    idempotency_key  str
// column   version          int
// column   seq              int?
// column   document         str
MATCH (plan:PlanVersion {idempotency_key: $idempotency_key})
RETURN
  plan.version AS version,
  plan.seq AS seq,
  plan.document AS document
