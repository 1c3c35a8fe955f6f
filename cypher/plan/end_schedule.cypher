// Notes that a plan no longer waits: it was published as a version, or cancelled.
// access   write
// param    id       str
// param    state    str
// param    version  int    0: none
MATCH (plan:ScheduledPlan {id: $id})
SET plan.state = $state, plan.version = nullIf($version, 0)
