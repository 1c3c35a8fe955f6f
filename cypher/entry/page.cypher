// All entries in the order of exports, for a stretch of the log.
// access   read
// param    after           int
// param    upto            int
// column   entry_id        str
// column   reward_id       str
// column   order_seq       int
// column   cause           str
// column   beneficiary_id  str
// column   debit           str
// column   credit          str
// column   amount_minor    int
// column   currency        str
// column   at              str
MATCH (entry:Entry)-[:OF]->(reward:Reward)
WHERE reward.order_seq > $after AND reward.order_seq <= $upto
RETURN
  entry.id AS entry_id,
  reward.id AS reward_id,
  reward.order_seq AS order_seq,
  entry.cause AS cause,
  entry.beneficiary_id AS beneficiary_id,
  entry.debit AS debit,
  entry.credit AS credit,
  entry.amount_minor AS amount_minor,
  entry.currency AS currency,
  entry.at AS at
ORDER BY order_seq, reward_id, at, entry_id
