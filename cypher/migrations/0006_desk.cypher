// The settlement desk: holds, payouts, adjustments, closed months and the jobs that run by themselves.
CREATE CONSTRAINT wallet_member_id IF NOT EXISTS FOR (w:Wallet) REQUIRE w.member_id IS UNIQUE;
CREATE CONSTRAINT hold_id IF NOT EXISTS FOR (h:Hold) REQUIRE h.id IS UNIQUE;
CREATE CONSTRAINT payout_batch_id IF NOT EXISTS FOR (b:PayoutBatch) REQUIRE b.id IS UNIQUE;
CREATE CONSTRAINT payout_id IF NOT EXISTS FOR (p:Payout) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT adjustment_id IF NOT EXISTS FOR (a:Adjustment) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT month_name IF NOT EXISTS FOR (m:Month) REQUIRE m.month IS UNIQUE;
CREATE CONSTRAINT job_name IF NOT EXISTS FOR (j:Job) REQUIRE j.name IS UNIQUE;
CREATE INDEX payout_batch IF NOT EXISTS FOR (p:Payout) ON (p.batch_id, p.member_id);
CREATE INDEX payout_member IF NOT EXISTS FOR (p:Payout) ON (p.member_id, p.at);
CREATE INDEX payout_at IF NOT EXISTS FOR (p:Payout) ON (p.at);
CREATE INDEX adjustment_at IF NOT EXISTS FOR (a:Adjustment) ON (a.at);
CREATE INDEX reward_state IF NOT EXISTS FOR (r:Reward) ON (r.state, r.beneficiary_id);
