// Plans that wait for their moment.
CREATE CONSTRAINT scheduled_plan_id IF NOT EXISTS FOR (p:ScheduledPlan) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT scheduled_plan_key IF NOT EXISTS FOR (p:ScheduledPlan) REQUIRE p.idempotency_key IS UNIQUE;
CREATE INDEX scheduled_plan_at IF NOT EXISTS FOR (p:ScheduledPlan) ON (p.state, p.at);
