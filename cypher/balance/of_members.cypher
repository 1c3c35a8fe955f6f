// The balances of members: the sums of their entries by currency and account.
// access   read
// param    member_ids       list[str]
// column   member_id        str
// column   currency         str
// column   pending_minor    int
// column   available_minor  int
// column   held_minor       int
// column   paid_minor       int
UNWIND $member_ids AS member_id
MATCH (entry:Entry {beneficiary_id: member_id})
WITH member_id, entry.currency AS currency, entry
RETURN
  member_id AS member_id,
  currency AS currency,
  sum(CASE 'pending' WHEN entry.credit THEN entry.amount_minor WHEN entry.debit THEN -entry.amount_minor ELSE 0 END)
    AS pending_minor,
  sum(CASE 'available' WHEN entry.credit THEN entry.amount_minor WHEN entry.debit THEN -entry.amount_minor ELSE 0 END)
    AS available_minor,
  sum(CASE 'held' WHEN entry.credit THEN entry.amount_minor WHEN entry.debit THEN -entry.amount_minor ELSE 0 END)
    AS held_minor,
  sum(CASE 'paid' WHEN entry.credit THEN entry.amount_minor WHEN entry.debit THEN -entry.amount_minor ELSE 0 END)
    AS paid_minor
ORDER BY member_id, currency
