// Locks a hold, making it if it is new, and reads it: what was there before, if it was.
// access   write
// param    hold_id     str
// param    properties  map     reward_ids, reason, actor, at, status
// column   hold        map     the properties of the node
// column   new         bool
MERGE (hold:Hold {id: $hold_id})
ON CREATE SET hold += $properties, hold.takes = 0
SET hold.takes = hold.takes + 1
WITH hold
RETURN
  hold {.*} AS hold,
  hold.takes = 1 AS new
