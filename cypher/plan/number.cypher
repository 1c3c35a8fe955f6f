// Puts plan versions in force from the seq of their publication.
// access   write
// param    after   int
// param    upto    int
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto AND event.kind = 'PlanPublished'
MATCH (plan:PlanVersion {version: event.plan_version})
SET plan.seq = event.seq
