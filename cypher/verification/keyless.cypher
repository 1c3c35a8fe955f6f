// Nodes that lack a part of their key: no constraint refuses a null.
// access   read
// scan     allowed
// param    count  int
// column   label  str
// column   id     str    the element id
CALL () {
  MATCH (n:Member) WHERE n.id IS NULL RETURN n
  UNION ALL
  MATCH (n:Order) WHERE n.id IS NULL RETURN n
  UNION ALL
  MATCH (n:Refund) WHERE n.id IS NULL OR n.order_id IS NULL RETURN n
  UNION ALL
  MATCH (n:Event) WHERE n.kind IS NULL OR n.seq IS NULL AND NOT n:Unnumbered RETURN n
  UNION ALL
  MATCH (n:PlanVersion) WHERE n.version IS NULL RETURN n
  UNION ALL
  MATCH (n:Scope) WHERE n.member_id IS NULL RETURN n
  UNION ALL
  MATCH (n:Slot) WHERE n.anchor_order_id IS NULL OR n.position IS NULL OR n.referral_order_id IS NULL RETURN n
  UNION ALL
  MATCH (n:Reward) WHERE n.id IS NULL OR n.order_seq IS NULL RETURN n
  UNION ALL
  MATCH (n:Entry) WHERE n.id IS NULL RETURN n
  UNION ALL
  MATCH (n:TeamVolume) WHERE n.period IS NULL OR n.member_id IS NULL OR n.currency IS NULL RETURN n
  UNION ALL
  MATCH (n:Standing) WHERE n.member_id IS NULL OR n.currency IS NULL RETURN n
}
WITH n
LIMIT $count
RETURN
  labels(n)[0] AS label,
  elementId(n) AS id
