"""The stores: the only code that knows Neo4j. One file a noun; each query it runs is a file in cypher/."""
