// Every plan version from a given one on, oldest first.
// access   read
// param    from_version  int
// column   version       int
// column   seq           int?
// column   document      str
MATCH (plan:PlanVersion)
WHERE plan.version >= $from_version
RETURN
  plan.version AS version,
  plan.seq AS seq,
  plan.document AS document
ORDER BY version
