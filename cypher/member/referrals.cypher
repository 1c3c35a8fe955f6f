// Members by id, from after a given id on, as one row of lists.
// access   read
// param    after         str
// param    count         int
// column   member_ids    list[str]
// column   referrer_ids  list[str]    empty for a root
// column   first_seqs    list[int]    when the member's first completion was accepted; 0: never
MATCH (member:Member)
WHERE member.id > $after
WITH member
ORDER BY member.id
LIMIT $count
OPTIONAL MATCH (member)-[:REFERRED_BY]->(referrer:Member)
WITH member, referrer
ORDER BY member.id
RETURN
  collect(member.id) AS member_ids,
  collect(coalesce(referrer.id, '')) AS referrer_ids,
  collect(coalesce(member.first_order_seq, 0)) AS first_seqs
