// Who holds a lease now; no row when nobody does.
// access   read
// param    name     str
// column   holder   str
MATCH (lease:Lease {name: $name})
WHERE lease.expires_ms >= timestamp()
RETURN lease.holder AS holder
