// Links by id, from after a given id on.
// access   read
// param    after      str
// param    count      int
// column   id         str
// column   chain      str?
// column   number     int?
// column   previous   str?
// column   root       str?
// column   keys       bytes?
// column   leaves     bytes?
// column   count      int?
// column   at         str?
// column   actor      str?
// column   hash       str?
MATCH (link:AuditLink)
WHERE link.id > $after
WITH link
ORDER BY link.id
LIMIT $count
RETURN
  link.id AS id,
  link.chain AS chain,
  link.number AS number,
  link.previous AS previous,
  link.root AS root,
  link.keys AS keys,
  link.leaves AS leaves,
  link.count AS count,
  link.at AS at,
  link.actor AS actor,
  link.hash AS hash
ORDER BY id
