// How far the sequence has been applied, whether standings are counted up to there, and the cursor of a month's closing.
// access   read
// column   seq           int?    null before it began
// column   month_cursor  str
// column   counted       bool
MATCH (log:Log {name: 'events'})
RETURN
  log.sequence_seq AS seq,
  coalesce(log.sequence_month_cursor, '') AS month_cursor,
  coalesce(log.sequence_counted, false) AS counted
