// Draws the referral edges of members just enrolled.
// access   write
// param    rows   list[map]    member_id, referrer_id, joined_at; in referrer order, so that locks are
UNWIND $rows AS row
MATCH (referrer:Member {id: row.referrer_id})
MATCH (referee:Member {id: row.member_id})
CREATE (referee)-[:REFERRED_BY {at: row.joined_at}]->(referrer)
