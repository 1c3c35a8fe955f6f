// The rewards of a stretch of the log with their entries, by the seq of their orders.
// access   read
// param    after    int
// param    upto     int
// column   reward   map          what of its properties can be recounted
// column   entries  list[map]    the properties of the nodes
MATCH (reward:Reward)
WHERE reward.order_seq > $after AND reward.order_seq <= $upto
RETURN
  reward {
    .id, .order_id, .order_seq, .rule, .beneficiary_id, .level, .anchor_order_id, .slot,
    .plan_version, .amount_minor, .paid_minor, .currency, .state
  } AS reward,
  COLLECT {
    MATCH (entry:Entry)-[:OF]->(reward)
    RETURN entry {.id, .cause, .beneficiary_id, .debit, .credit, .amount_minor, .currency}
  } AS entries
ORDER BY reward.order_seq, reward.id
