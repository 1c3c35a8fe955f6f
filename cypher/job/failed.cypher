// Notes that a job failed just now, and why.
// access   write
// param    name    str
// param    fault   str
MATCH (job:Job {name: $name})
SET job.failed_ms = timestamp(), job.fault = $fault
