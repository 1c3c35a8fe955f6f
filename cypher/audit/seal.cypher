// Appends a link to a locked chain, with those of its records that are no ledger entries.
// access   write
// param    chain     str
// param    link      map          the properties of the new link
// param    records   list[map]    the properties of each new record
MATCH (chain:AuditChain {name: $chain})
SET chain.number = $link.number, chain.hash = $link.hash
CREATE (link:AuditLink)
SET link = $link
WITH link
UNWIND $records AS row
CREATE (record:AuditRecord)
SET record = row
