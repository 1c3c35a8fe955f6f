// Keys of machines, and tokens taken back.
CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (k:ApiKey) REQUIRE k.id IS UNIQUE;
CREATE CONSTRAINT revocation_subject IF NOT EXISTS FOR (r:Revocation) REQUIRE r.subject IS UNIQUE;
CREATE INDEX revocation_before IF NOT EXISTS FOR (r:Revocation) ON (r.before);
