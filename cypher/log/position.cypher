// How far the log has been numbered, how far all of it is visible, and how far it was announced and applied.
// access   read
// column   seq            int
// column   mark           int
// column   published_seq  int
// column   applied_seq    int
MATCH (log:Log {name: 'events'})
RETURN
  log.seq AS seq,
  log.mark AS mark,
  log.published_seq AS published_seq,
  log.applied_seq AS applied_seq
