// The jobs whose time has come, by the database's clock. A job seen for the first time waits one interval; one that
// failed waits before it is tried again.
// access   write
// param    rows      list[map]    name, every_ms, retry_ms
// column   name      str
// column   now_ms    int
UNWIND $rows AS row
MERGE (job:Job {name: row.name})
ON CREATE SET job.last_run_ms = timestamp(), job.failed_ms = 0, job.fault = '', job.runs = 0
SET job.every_ms = row.every_ms
WITH row, job, timestamp() AS now_ms
WHERE now_ms - job.last_run_ms >= row.every_ms AND now_ms - job.failed_ms >= row.retry_ms
RETURN
  row.name AS name,
  now_ms AS now_ms
