// The plan that was scheduled under an id, whatever became of it.
// access   read
// param    id        str
// column   id        str
// column   at        str
// column   document  str
// column   state     str
// column   version   int?   what it was published as
MATCH (plan:ScheduledPlan {id: $id})
RETURN
  plan.id AS id,
  plan.at AS at,
  plan.document AS document,
  plan.state AS state,
  plan.version AS version
