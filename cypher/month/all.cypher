// The closed months, oldest first.
// access   read
// scan     allowed
// column   month   str
// column   actor   str
// column   at      str
// column   seq     int?
MATCH (month:Month)<-[:CLOSES]-(event:Event)
RETURN
  month.month AS month,
  month.actor AS actor,
  month.at AS at,
  event.seq AS seq
ORDER BY month
