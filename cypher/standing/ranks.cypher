// The ranks that members have reached by currency: names beside the seqs of the facts that brought them.
// access   read
// param    member_ids  list[str]
// column   member_id   str
// column   currency    str
// column   names       list[str]
// column   seqs        list[int]
UNWIND $member_ids AS member_id
MATCH (standing:Standing {member_id: member_id})
WHERE standing.currency > ''
RETURN
  standing.member_id AS member_id,
  standing.currency AS currency,
  standing.names AS names,
  standing.seqs AS seqs
