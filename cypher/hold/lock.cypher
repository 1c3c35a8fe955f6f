// Locks a hold that exists, and reads it.
// access   write
// param    hold_id  str
// column   hold     map    the properties of the node
MATCH (hold:Hold {id: $hold_id})
SET hold.touched = true
WITH hold
RETURN hold {.*} AS hold
