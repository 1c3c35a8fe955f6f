// The closings of months up to a seq, oldest first.
// access   read
// param    upto   int
// column   seq    int
// column   month  str
MATCH (event:Event)
WHERE event.month > '' AND event.seq <= $upto
RETURN
  event.seq AS seq,
  event.month AS month
ORDER BY seq
