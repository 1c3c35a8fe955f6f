// What these orders made due to one member, in the order of exports. What they made due to others is not read.
// access   read
// param    viewer_id  str
// param    order_ids  list[str]
// column   order_id   str
// column   reward     map        the properties of the node
UNWIND $order_ids AS order_id
MATCH (purchase:Order {id: order_id})
MATCH (reward:Reward {beneficiary_id: $viewer_id, order_seq: purchase.seq})
WHERE reward.order_id = order_id
RETURN
  order_id AS order_id,
  reward {.*} AS reward
ORDER BY reward.order_seq, reward.rule, reward.level, reward.beneficiary_id, reward.id
