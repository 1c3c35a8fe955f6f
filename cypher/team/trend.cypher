// The orders that were completed, refunded later or not, of each member's team by day (UTC) since a moment.
// access   read
// param    member_ids    list[str]
// param    max_level     int       how many levels down
// param    since         str
// column   member_id     str
// column   day           str       such as 2026-11-23
// column   currency      str
// column   orders        int
// column   volume_minor  int
UNWIND $member_ids AS member_id
MATCH (top:Member {id: member_id})
MATCH (member:Member)-[:REFERRED_BY*1..]->(top)
MATCH (member)-[:PLACED]->(purchase:Order)
WHERE member.depth <= top.depth + $max_level AND purchase.completed_at >= $since
RETURN
  member_id AS member_id,
  left(purchase.completed_at, 10) AS day,
  purchase.currency AS currency,
  count(purchase) AS orders,
  sum(purchase.paid_minor - purchase.refunded_minor) AS volume_minor
ORDER BY member_id, day, currency
