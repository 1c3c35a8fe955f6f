// Gives the oldest unnumbered events, and the order or refund that each is about, the next contiguous numbers. The
// caller holds the relay's lease. Stops before an event whose subjects are not visible yet: its commit is still being
// applied.
// access   write
// param    count   int
// column   after   int    the last number before
// column   upto    int    the last number given
MATCH (log:Log {name: 'events'})
CALL () {
  MATCH (event:Unnumbered)
  USING INDEX event:Unnumbered(accepted_us, row)
  WHERE event.accepted_us > 0 AND event.row >= 0
  WITH event
  ORDER BY event.accepted_us, event.row
  LIMIT $count
  OPTIONAL MATCH (purchase:Order {id: event.order_id})
  OPTIONAL MATCH (refund:Refund {id: event.refund_id})
  OPTIONAL MATCH (plan:PlanVersion {version: event.plan_version})
  WITH event, coalesce(refund, purchase) AS subject, (event.order_id IS NULL OR purchase IS NOT NULL) AND
    (event.refund_id IS NULL OR refund IS NOT NULL) AND (event.plan_version IS NULL OR plan IS NOT NULL) AS whole
  ORDER BY event.accepted_us, event.row
  RETURN collect({event: event, subject: subject, whole: whole}) AS found
}
WITH log, log.seq AS after, found,
  coalesce([place IN range(0, size(found) - 1) WHERE NOT found[place].whole][0], size(found)) AS count
SET log.seq = after + count
WITH after, found, count
UNWIND range(1, count) AS place
WITH after, after + place AS seq, found[place - 1].event AS event, found[place - 1].subject AS subject
SET event.seq = seq, subject.seq = seq
REMOVE event:Unnumbered
RETURN
  after AS after,
  max(seq) AS upto
