// Records as they stand, by id, from after a given id on.
// access   read
// param    after      str
// param    count      int
// column   id         str
// column   link_id    str?
// column   place      int?
// column   kind       str?
// column   subject    str?
// column   actor      str?
// column   at         str?
// column   detail     str?
MATCH (record:AuditRecord)
WHERE record.id > $after
WITH record
ORDER BY record.id
LIMIT $count
RETURN
  record.id AS id,
  record.link_id AS link_id,
  record.place AS place,
  record.kind AS kind,
  record.subject AS subject,
  record.actor AS actor,
  record.at AS at,
  record.detail AS detail
ORDER BY id
