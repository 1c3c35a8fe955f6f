// Notes when a job was last begun that came to its end.
// access   write
// param    name     str
// param    now_ms   int
MATCH (job:Job {name: $name})
SET job.last_run_ms = $now_ms, job.failed_ms = 0, job.fault = '', job.runs = job.runs + 1
