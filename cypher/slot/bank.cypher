// Puts referrals into a scope's bank with their net amount, or takes them out where banked_for is null.
// access   write
// param    rows   list[map]    order_id, banked_for, banked_minor
UNWIND $rows AS row
MATCH (referral:Order {id: row.order_id})
SET referral.banked_for = row.banked_for, referral.banked_minor = row.banked_minor
