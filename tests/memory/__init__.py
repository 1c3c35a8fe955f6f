"""The store of the engine in memory: the one double, which passes the contract tests of the Neo4j store."""
