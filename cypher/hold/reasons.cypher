// Why holds keep their rewards back; unknown ids give no row.
// access   read
// param    hold_ids  list[str]
// column   hold_id   str
// column   reason    str
UNWIND $hold_ids AS hold_id
MATCH (hold:Hold {id: hold_id})
RETURN
  hold.id AS hold_id,
  hold.reason AS reason
