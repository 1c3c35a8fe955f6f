// All entries of some rewards.
// access   read
// param    reward_ids      list[str]
// column   reward_id       str
// column   cause           str
// column   beneficiary_id  str
// column   debit           str
// column   credit          str
// column   amount_minor    int
// column   currency        str
// column   at              str
UNWIND $reward_ids AS reward_id
MATCH (:Reward {id: reward_id})<-[:OF]-(entry:Entry)
RETURN
  reward_id AS reward_id,
  entry.cause AS cause,
  entry.beneficiary_id AS beneficiary_id,
  entry.debit AS debit,
  entry.credit AS credit,
  entry.amount_minor AS amount_minor,
  entry.currency AS currency,
  entry.at AS at
ORDER BY reward_id, at, cause
