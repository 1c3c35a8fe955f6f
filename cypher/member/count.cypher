// How many members there are, from the count store.
// access   read
// scan     allowed
// column   members  int
MATCH (member:Member)
RETURN count(member) AS members
