// Members by their ids; unknown ids give no row.
// access   read
// param    member_ids   list[str]
// column   member_id    str
// column   referrer_id  str?
// column   depth        int
// column   joined_at    str
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
OPTIONAL MATCH (member)-[:REFERRED_BY]->(referrer:Member)
RETURN
  member.id AS member_id,
  referrer.id AS referrer_id,
  member.depth AS depth,
  member.joined_at AS joined_at
