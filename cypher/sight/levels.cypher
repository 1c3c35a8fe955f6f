// How far below a viewer each of these members is, where that is no more than so many levels: at most so many steps
// up from each. Nobody else gives a row, whether they exist or not.
// access   read
// param    viewer_id   str
// param    member_ids  list[str]
// param    max_level   int
// column   member_id   str
// column   level       int          0 for the viewer
MATCH (viewer:Member {id: $viewer_id})
UNWIND $member_ids AS member_id
MATCH (member:Member {id: member_id})
WHERE viewer.depth <= member.depth <= viewer.depth + $max_level
MATCH path = (member)-[:REFERRED_BY*0..]->(above:Member)
WHERE all(step IN nodes(path) WHERE step.depth >= viewer.depth)
WITH DISTINCT viewer, member, above
WHERE above = viewer
RETURN
  member.id AS member_id,
  member.depth - viewer.depth AS level
ORDER BY member_id
