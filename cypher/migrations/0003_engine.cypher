// What the engine keeps beside each fact: fillings are counted, rewards know their worth.
MATCH (s:Slot) WHERE s.number IS NULL CALL (s) { SET s.number = s.position } IN TRANSACTIONS OF 10000 ROWS;
MATCH (r:Reward) WHERE r.worth_minor IS NULL CALL (r) { SET r.worth_minor = r.amount_minor, r.paid_minor = 0 } IN TRANSACTIONS OF 10000 ROWS;
MATCH (o:Order) WHERE o.banked_for IS NOT NULL AND o.banked_minor IS NULL SET o.banked_minor = o.paid_minor;
CREATE CONSTRAINT team_volume IF NOT EXISTS FOR (v:TeamVolume) REQUIRE (v.period, v.member_id, v.currency) IS UNIQUE;
CREATE CONSTRAINT standing IF NOT EXISTS FOR (s:Standing) REQUIRE (s.member_id, s.currency) IS UNIQUE;
CREATE INDEX event_month IF NOT EXISTS FOR (e:Event) ON (e.month);
