// Locks members' wallets, making those that are new: one payment of a member at a time. Unknown members give no row.
// access   write
// param    member_ids  list[str]    sorted, each once
// column   member_id   str
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
MERGE (wallet:Wallet {member_id: member.id})
SET wallet.touched = true
RETURN wallet.member_id AS member_id
ORDER BY member_id
