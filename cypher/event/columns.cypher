// The facts in a stretch of the log as one row of lists in seq order; empty text where a kind has no such property.
// access   read
// param    after         int
// param    upto          int
// column   seqs          list[int]
// column   kinds         list[str]
// column   order_ids     list[str]
// column   buyer_ids     list[str]
// column   referrer_ids  list[str]
// column   amounts       list[int]    the net amount of a completion, what a refund gives back
// column   currencies    list[str]
// column   moments       list[str]
// column   firsts        list[int]    1: the buyer's first accepted completion
// column   names         list[str]    the id of a refund, the month of a closing
MATCH (event:Event)
WHERE event.seq > $after AND event.seq <= $upto
  AND event.kind IN ['OrderCompleted', 'OrderRefunded', 'MonthClosed']
WITH event
ORDER BY event.seq
RETURN
  collect(event.seq) AS seqs,
  collect(event.kind) AS kinds,
  collect(coalesce(event.order_id, '')) AS order_ids,
  collect(coalesce(event.buyer_id, '')) AS buyer_ids,
  collect(coalesce(event.referrer_id, '')) AS referrer_ids,
  collect(coalesce(event.net_minor, event.amount_minor, 0)) AS amounts,
  collect(coalesce(event.currency, '')) AS currencies,
  collect(coalesce(event.completed_at, event.refunded_at, '')) AS moments,
  collect(CASE WHEN event.first THEN 1 ELSE 0 END) AS firsts,
  collect(coalesce(event.refund_id, event.month, '')) AS names
