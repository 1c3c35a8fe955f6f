// Notes that a migration has been applied.
// access   write
// param    version     int
// param    name        str
// param    checksum    str
// param    applied_at  str
MERGE (migration:Migration {version: $version})
ON CREATE SET
  migration.name = $name,
  migration.checksum = $checksum,
  migration.applied_at = $applied_at
