// How many accepted events wait to be numbered, from the count store.
// access   read
// scan     allowed
// column   events   int
MATCH (event:Unnumbered)
RETURN count(event) AS events
