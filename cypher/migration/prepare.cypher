// The constraint under which migrations themselves are recorded.
// access   schema
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE
