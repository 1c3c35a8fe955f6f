// How many refunds wait for their orders, from the count store.
// access   read
// scan     allowed
// column   refunds   int
MATCH (refund:Parked)
RETURN count(refund) AS refunds
