// Entries that belong to no link, by id, from after a given id on: those from before the audit.
// access   read
// param    after            str
// param    count            int
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
MATCH (entry:Entry)
WHERE entry.id > $after AND entry.link IS NULL
WITH entry
ORDER BY entry.id
LIMIT $count
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
