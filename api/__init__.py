"""GraphQL over HTTP. This package never imports neo4j or redis: it is given `graph.wiring.Services`."""
