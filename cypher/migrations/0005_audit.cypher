// The audit trail: heads of chains, links, and the records that are no ledger entries.
CREATE CONSTRAINT audit_chain_name IF NOT EXISTS FOR (c:AuditChain) REQUIRE c.name IS UNIQUE;
CREATE CONSTRAINT audit_link_id IF NOT EXISTS FOR (l:AuditLink) REQUIRE l.id IS UNIQUE;
CREATE CONSTRAINT audit_record_id IF NOT EXISTS FOR (r:AuditRecord) REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT audit_mark_name IF NOT EXISTS FOR (m:AuditMark) REQUIRE m.name IS UNIQUE;
CREATE INDEX audit_record_at IF NOT EXISTS FOR (r:AuditRecord) ON (r.at, r.id);
CREATE INDEX audit_record_kind IF NOT EXISTS FOR (r:AuditRecord) ON (r.kind, r.at);
CREATE INDEX audit_record_subject IF NOT EXISTS FOR (r:AuditRecord) ON (r.subject, r.at);
