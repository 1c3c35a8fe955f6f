// A member's entries, newest first, from before a given place on.
// access   read
// param    beneficiary_id  str
// param    before          int
// param    before_id       str     the moment and the id of an entry, in one text
// param    count           int
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
MATCH (entry:Entry {beneficiary_id: $beneficiary_id})-[:OF]->(reward:Reward)
WHERE reward.order_seq < $before OR (reward.order_seq = $before AND entry.at + entry.id < $before_id)
WITH entry, reward
ORDER BY reward.order_seq DESC, entry.at + entry.id DESC
LIMIT $count
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
ORDER BY order_seq DESC, at DESC, entry_id DESC
