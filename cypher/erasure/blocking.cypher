// What keeps a member from being erased: money on its way, or held.
// access   read
// param    member_id  str
// column   payouts    int
// column   held       int
RETURN
  COUNT {
    MATCH (payout:Payout)
    WHERE payout.member_id = $member_id AND payout.at >= '' AND payout.status IN ['open', 'exported', 'paying']
  } AS payouts,
  COUNT {
    MATCH (reward:Reward)
    WHERE reward.state = 'held' AND reward.beneficiary_id = $member_id
  } AS held
