// The database's clock, and the highest acceptance stamp that still waits to be numbered.
// access   read
// column   now_us      int     microseconds of Unix time
// column   waiting_us  int?
WITH datetime.realtime() AS now
RETURN
  now.epochSeconds * 1000000 + now.microsecond AS now_us,
  COLLECT {
    MATCH (event:Unnumbered)
    USING INDEX event:Unnumbered(accepted_us, row)
    WHERE event.accepted_us > 0 AND event.row >= 0
    RETURN event.accepted_us
    ORDER BY event.accepted_us DESC
    LIMIT 1
  }[0] AS waiting_us
