// What protects people: their wrapped keys, the keyed hashes that they are found by, and whose key file this is.
CREATE CONSTRAINT person_key_member IF NOT EXISTS FOR (k:PersonKey) REQUIRE k.member_id IS UNIQUE;
CREATE INDEX person_key_kid IF NOT EXISTS FOR (k:PersonKey) ON (k.kid);
CREATE CONSTRAINT identifier_token IF NOT EXISTS FOR (i:Identifier) REQUIRE (i.kind, i.token) IS UNIQUE;
CREATE CONSTRAINT privacy_mark_name IF NOT EXISTS FOR (m:PrivacyMark) REQUIRE m.name IS UNIQUE;
