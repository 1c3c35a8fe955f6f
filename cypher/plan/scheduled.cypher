// The plans that wait for a moment up to a given one, in the order in which they will be published.
// access   read
// param    upto      str    a moment, as stored
// column   id        str
// column   at        str
// column   document  str
// column   state     str
// column   version   int?   what it was published as
MATCH (plan:ScheduledPlan)
WHERE plan.state = 'scheduled' AND plan.at <= $upto
RETURN
  plan.id AS id,
  plan.at AS at,
  plan.document AS document,
  plan.state AS state,
  plan.version AS version
ORDER BY at, plan.accepted_us, id
