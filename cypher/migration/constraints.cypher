// The constraints that the database has, by name.
// access   schema
// column   name   str
SHOW CONSTRAINTS YIELD name
RETURN name AS name
ORDER BY name
