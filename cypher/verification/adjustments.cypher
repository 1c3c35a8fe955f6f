// The adjustments that were posted, by id, from after a given one on.
// access   read
// param    after         str
// param    count         int
// column   id            str
// column   member_id     str?
// column   currency      str?
// column   amount_minor  int?
MATCH (adjustment:Adjustment)
WHERE adjustment.id > $after AND adjustment.status = 'posted'
WITH adjustment
ORDER BY adjustment.id
LIMIT $count
RETURN
  adjustment.id AS id,
  adjustment.member_id AS member_id,
  adjustment.currency AS currency,
  adjustment.amount_minor AS amount_minor
ORDER BY id
