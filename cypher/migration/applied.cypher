// The migrations that this database has had, in order.
// access   read
// scan     allowed
// column   version     int
// column   name        str
// column   checksum    str
// column   applied_at  str
MATCH (migration:Migration)
RETURN
  migration.version AS version,
  migration.name AS name,
  migration.checksum AS checksum,
  migration.applied_at AS applied_at
ORDER BY version
