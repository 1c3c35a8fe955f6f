// Creates members that do not exist yet, with the event of each. Their edges follow in member/refer.
// access   write
// param    rows         list[map]    member_id, depth, joined_at, row
// param    accepted_us  int          orders this batch among unnumbered events
UNWIND $rows AS row
CREATE (:Member {id: row.member_id, depth: row.depth, joined_at: row.joined_at})
CREATE (:Event:Unnumbered {
  kind: 'MemberEnrolled',
  member_id: row.member_id,
  accepted_us: $accepted_us,
  row: row.row
})
