// Each member's team, level by level: the definition of team size and volume that all faster answers are held to.
// access   read
// param    member_ids    list[str]
// column   member_id     str
// column   level         int         1 = direct referees
// column   currency      str?        null where nobody of the level has a completed order
// column   members       int         of the level, the same in each of its rows
// column   orders        int         ever completed, in this currency, refunded later or not
// column   volume_minor  int         what was paid for them, less refunds, in this currency
UNWIND $member_ids AS member_id
MATCH (top:Member {id: member_id})
MATCH (member:Member)-[:REFERRED_BY*1..]->(top)
// Distinct lets Neo4j visit each member once, as in upline/chain.
WITH DISTINCT top, member
WITH top.id AS member_id, member.depth - top.depth AS level, collect(member) AS team
UNWIND team AS member
OPTIONAL MATCH (member)-[:PLACED]->(purchase:Order)
WHERE purchase.completed_at IS NOT NULL
WITH member_id, level, size(team) AS members, purchase.currency AS currency, collect(purchase) AS purchases
RETURN
  member_id AS member_id,
  level AS level,
  currency AS currency,
  members AS members,
  size(purchases) AS orders,
  reduce(sum = 0, p IN purchases | sum + p.paid_minor - p.refunded_minor) AS volume_minor
ORDER BY member_id, level, currency
