// Notes that a locked hold keeps nothing back any more, by whom and why.
// access   write
// param    hold_id  str
// param    actor    str
// param    reason   str
// param    at       str
MATCH (hold:Hold {id: $hold_id})
SET
  hold.status = 'released',
  hold.released_by = $actor,
  hold.released_at = $at,
  hold.released_reason = $reason
