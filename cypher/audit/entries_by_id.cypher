// Entries as they stand, by their ids; unknown ids give no row.
// access   read
// param    entry_ids        list[str]
// column   id               str
// column   link             str?
// column   reward_ids       list[str]
// column   cause            str?
// column   beneficiary_id   str?
// column   debit            str?
// column   credit           str?
// column   amount_minor     int?
// column   currency         str?
// column   at               str?
UNWIND $entry_ids AS entry_id
MATCH (entry:Entry {id: entry_id})
RETURN
  entry.id AS id,
  entry.link AS link,
  [(entry)-[:OF]->(reward:Reward) | reward.id] AS reward_ids,
  entry.cause AS cause,
  entry.beneficiary_id AS beneficiary_id,
  entry.debit AS debit,
  entry.credit AS credit,
  entry.amount_minor AS amount_minor,
  entry.currency AS currency,
  entry.at AS at
ORDER BY id
