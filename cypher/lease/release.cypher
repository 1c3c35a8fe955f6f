// Gives a lease back early.
// access   write
// param    name     str
// param    token    int
MATCH (lease:Lease {name: $name})
SET lease.touched = true
WITH lease
WHERE lease.token = $token
SET lease.expires_ms = 0, lease.holder = ''
