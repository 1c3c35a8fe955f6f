// Writes the ranks that members have reached.
// access   write
// param    rows   list[map]    member_id, currency, names, seqs
UNWIND $rows AS row
MERGE (standing:Standing {member_id: row.member_id, currency: row.currency})
SET standing.names = row.names, standing.seqs = row.seqs
