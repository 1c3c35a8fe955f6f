// The buyers that exist among these ids, each with the referrer of now.
// access   read
// param    member_ids   list[str]
// column   member_id    str
// column   referrer_id  str?
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
OPTIONAL MATCH (member)-[:REFERRED_BY]->(referrer:Member)
RETURN
  member.id AS member_id,
  referrer.id AS referrer_id
