// Writes the event of each new sighting. It names the kind alone: an event outlives the person's erasure.
// access   write
// param    rows         list[map]    member_id, kind, row
// param    accepted_us  int          orders this batch among unnumbered events
UNWIND $rows AS row
CREATE (:Event:Unnumbered {
  kind: 'IdentifierSeen',
  member_id: row.member_id,
  identifier_kind: row.kind,
  accepted_us: $accepted_us,
  row: row.row
})
