// The periodic jobs, by name.
// access   read
// scan     allowed
// column   name         str
// column   every_ms     int
// column   last_run_ms  int
// column   runs         int    how often it came to its end
// column   fault        str    why the last try failed; '' if it did not
MATCH (job:Job)
RETURN
  job.name AS name,
  job.every_ms AS every_ms,
  job.last_run_ms AS last_run_ms,
  job.runs AS runs,
  job.fault AS fault
ORDER BY name
