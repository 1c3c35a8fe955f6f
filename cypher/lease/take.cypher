// Takes a lease that is free, expired or already the holder's. The fencing token grows with each new holder.
// access   write
// param    name     str
// param    holder   str
// param    ttl_ms   int
// column   token    int
// column   holder   str
MERGE (lease:Lease {name: $name})
ON CREATE SET lease.token = 0, lease.holder = '', lease.expires_ms = 0
SET lease.touched = true
WITH lease, lease.holder = $holder AS mine, lease.expires_ms < timestamp() AS expired
SET
  lease.token = lease.token + CASE WHEN expired AND NOT mine THEN 1 ELSE 0 END,
  lease.holder = CASE WHEN mine OR expired THEN $holder ELSE lease.holder END,
  lease.expires_ms = CASE WHEN mine OR expired THEN timestamp() + $ttl_ms ELSE lease.expires_ms END
RETURN
  lease.token AS token,
  lease.holder AS holder
