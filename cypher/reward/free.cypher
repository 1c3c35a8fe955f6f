// The rewards of members of which some money, or debt, lies in `available`. Lock them before believing it.
// access   read
// param    member_ids  list[str]
// column   reward_id   str
// column   currency    str
UNWIND $member_ids AS member_id
MATCH (reward:Reward {beneficiary_id: member_id})
WHERE reward.state IN ['available', 'paid'] AND reward.amount_minor <> reward.paid_minor
RETURN
  reward.id AS reward_id,
  reward.currency AS currency
ORDER BY reward_id
