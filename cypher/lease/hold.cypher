// Locks a lease for this transaction and renews it, if the token is still the newest; no row when it is not.
// access   write
// param    name     str
// param    token    int
// param    ttl_ms   int
// column   token    int
MATCH (lease:Lease {name: $name})
SET lease.touched = true
WITH lease
WHERE lease.token = $token
SET lease.expires_ms = timestamp() + $ttl_ms
RETURN lease.token AS token
