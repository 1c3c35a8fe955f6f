// Lets one transaction after the other publish, schedule or cancel plans.
// access   write
MATCH (counter:Counter {name: 'plans'})
SET counter.touched = true
