// Entries by their ids; unknown ids give no row.
// access   read
// param    entry_ids       list[str]
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
UNWIND $entry_ids AS entry_id
MATCH (entry:Entry {id: entry_id})-[:OF]->(reward:Reward)
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
