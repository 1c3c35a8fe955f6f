// The log of accepted facts: how far it is numbered, visible, announced and applied.
MERGE (log:Log {name: 'events'})
ON CREATE SET log.seq = 0, log.mark = 0, log.published_seq = 0, log.applied_seq = 0;
