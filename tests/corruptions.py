"""What `verify` must find: corruptions, each planted by a statement that answers with the id, and undone by another.

A node that loses its label is gone for all that read. What a statement changes it keeps in a property `was`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corruption:
    name: str
    code: str
    plant: str
    undo: str
    subject: str = ""

    @property
    def is_schema(self) -> bool:
        return "CONSTRAINT" in self.plant


def edited(name: str, code: str, node: str, prop: str, value: str, subject: str = "n.id") -> Corruption:
    """One property of the first node that matches is another one."""
    return Corruption(
        name,
        code,
        f"MATCH {node} WITH n ORDER BY coalesce(n.id, n.seq, n.member_id, n.position) LIMIT 1 "
        f"SET n.was = n.{prop}, n:Edited SET n.{prop} = {value} RETURN {subject}",
        f"MATCH (n:Edited) SET n.{prop} = n.was REMOVE n.was, n:Edited",
    )


def removed(name: str, code: str, label: str, node: str, subject: str = "n.id") -> Corruption:
    """The first node that matches is not there."""
    return Corruption(
        name,
        code,
        f"MATCH {node} WITH n ORDER BY coalesce(n.id, n.seq) LIMIT 1 SET n:Gone REMOVE n:{label} RETURN {subject}",
        f"MATCH (n:Gone) SET n:{label} REMOVE n:Gone",
    )


FIRST_REWARD = "MATCH (r:Reward)<-[:OF]-(e:Entry {debit: 'company:rewards'}) WITH r, e ORDER BY r.id, e.id LIMIT 1 "
ROOT_AND_LEAF = "MATCH (root:Member)<-[:REFERRED_BY*2..]-(leaf) WHERE root.depth = 0 WITH root, leaf LIMIT 1 "
PAID_OUT = "(n:Reward) WHERE n.amount_minor > 0"

CORRUPTIONS = [
    # the ledger
    Corruption(
        "an entry's amount is edited",
        "REWARD_ENTRIES",
        FIRST_REWARD + "SET e.amount_minor = e.amount_minor + 1, e:Edited RETURN r.id",
        "MATCH (e:Edited) SET e.amount_minor = e.amount_minor - 1 REMOVE e:Edited",
    ),
    Corruption(
        "an entry is deleted",
        "REWARD_ENTRIES",
        FIRST_REWARD + "SET e:Gone REMOVE e:Entry RETURN r.id",
        "MATCH (e:Gone) SET e:Entry REMOVE e:Gone",
    ),
    Corruption(
        "an entry is doubled under a new id",
        "ENTRY_ID",
        FIRST_REWARD + "CREATE (c:Entry)-[:OF]->(r) SET c = e {.*, id: 'doubled'} RETURN c.id",
        "MATCH (c:Entry {id: 'doubled'}) DETACH DELETE c",
    ),
    Corruption(
        "an entry hangs on no reward",
        "ENTRY_WITHOUT_REWARD",
        FIRST_REWARD + "MATCH (e)-[of:OF]->(r) DELETE of CREATE (e)-[:OFF]->(r) RETURN e.id",
        "MATCH (e:Entry)-[off:OFF]->(r) CREATE (e)-[:OF]->(r) DELETE off",
    ),
    edited("an entry goes to somebody else", "ENTRY_BENEFICIARY", "(n:Entry)", "beneficiary_id", "'nobody'"),
    edited("money is kept for nobody", "BENEFICIARY_UNKNOWN", "(n:Entry)", "beneficiary_id", "'no one'", "'no one'"),
    edited("an entry is in another currency", "ENTRY_CURRENCY", "(n:Entry)", "currency", "'EUR'"),
    edited("an entry moves less than nothing", "ENTRY_AMOUNT", "(n:Entry)", "amount_minor", "-n.amount_minor"),
    edited(
        "an entry pays out without a hold", "ENTRY_ACCOUNTS", "(n:Entry {debit: 'company:rewards'})", "credit", "'paid'"
    ),
    edited("an entry's account is none", "TRANSACTION_UNBALANCED", "(n:Entry)", "debit", "'nowhere'", "n.cause"),
    edited("an entry's cause is invented", "ENTRY_CAUSE", "(n:Entry)", "cause", "'completion:nothing'"),
    edited("a reward's paid amount is wrong", "REWARD_PAID", "(n:Reward)", "paid_minor", "1"),
    edited("a reward's state is wrong", "REWARD_STATE", PAID_OUT, "state", "'held'"),
    edited(
        "a reward is said to be paid out", "REWARD_STATE", PAID_OUT + " AND n.state = 'available'", "state", "'paid'"
    ),
    # the recount
    Corruption(
        "a reward is deleted with its entries",
        "REWARD_MISSING",
        "MATCH (r:Reward) WITH r ORDER BY r.id LIMIT 1 MATCH (e:Entry)-[:OF]->(r) "
        "SET e:GoneEntry, r:GoneReward REMOVE e:Entry, r:Reward RETURN r.id",
        "MATCH (e:GoneEntry)-[:OF]->(r:GoneReward) SET e:Entry, r:Reward REMOVE e:GoneEntry, r:GoneReward",
    ),
    Corruption(
        "a reward comes from nowhere",
        "REWARD_SURPLUS",
        FIRST_REWARD + "CREATE (i:Reward)<-[:OF]-(j:Entry) SET i = r {.*, id: 'invented'}, "
        "j = e {.*, id: 'also invented'} RETURN i.id",
        "MATCH (j:Entry {id: 'also invented'})-[:OF]->(i:Reward {id: 'invented'}) DETACH DELETE i, j",
    ),
    edited("a reward's beneficiary is swapped", "REWARD_BENEFICIARY", "(n:Reward)", "beneficiary_id", "'m0x'"),
    edited("a reward's amount is edited", "REWARD_AMOUNT", "(n:Reward)", "amount_minor", "n.amount_minor + 1"),
    edited("a reward's plan is another", "REWARD_PLAN_VERSION", "(n:Reward)", "plan_version", "99"),
    edited("a reward's currency is another", "REWARD_CURRENCY", "(n:Reward)", "currency", "'EUR'"),
    edited("a reward's level is another", "REWARD_LEVEL", "(n:Reward {rule: 'commission'})", "level", "n.level + 1"),
    edited("a reward's slot is another", "REWARD_SLOT", "(n:Reward {rule: 'rebate'})", "slot", "7"),
    edited("a reward's anchor is another", "REWARD_ANCHOR", "(n:Reward {rule: 'rebate'})", "anchor_order_id", "'o'"),
    edited("a reward's order is another", "REWARD_ORDER", "(n:Reward)", "order_seq", "1"),
    edited("an order counts for too much", "ORDER_NET", "(n:Order) WHERE n.net_minor IS NOT NULL", "net_minor", "-1"),
    # slots
    edited("a slot is moved", "SLOT_MISSING", "(n:Slot)", "position", "n.was + 50", "n.anchor_order_id + '/' + n.was"),
    edited(
        "a slot is out of range",
        "SLOT_OUT_OF_RANGE",
        "(n:Slot)",
        "position",
        "n.was + 50",
        "n.anchor_order_id + '/' + n.position",
    ),
    edited(
        "a slot is somebody else's",
        "SLOT_REFERRAL",
        "(n:Slot)",
        "referral_order_id",
        "'o'",
        "n.anchor_order_id + '/' + n.position",
    ),
    Corruption(
        "a slot is doubled",
        "SLOT_DOUBLED",
        "MATCH (s:Slot)-[:FILLS]->(o) WITH s, o LIMIT 1 CREATE (s)-[:FILLS {double: true}]->(o) "
        "RETURN o.id + '/' + s.position",
        "MATCH ()-[double:FILLS {double: true}]->() DELETE double",
    ),
    Corruption(
        "a slot hangs on nothing",
        "SLOT_WITHOUT_ANCHOR",
        "MATCH (s:Slot)-[f:FILLS]->(o) WITH s, f, o LIMIT 1 DELETE f CREATE (s)-[:FELL]->(o) RETURN elementId(s)",
        "MATCH (s:Slot)-[f:FELL]->(o) CREATE (s)-[:FILLS]->(o) DELETE f",
    ),
    # the log
    edited("an order's amount is edited", "ORDER_DIFFERS", "(n:Order)", "paid_minor", "n.paid_minor + 100"),
    edited("an order's refunds are edited", "ORDER_REFUNDED", "(n:Order)", "refunded_minor", "n.refunded_minor + 1"),
    edited("an order's status is edited", "ORDER_STATUS", "(n:Order {status: 'completed'})", "status", "'refunded'"),
    edited("an order's number is lost", "ORDER_WITHOUT_EVENT", "(n:Order)", "seq", "null"),
    removed("an order is deleted", "EVENT_WITHOUT_SUBJECT", "Order", "(n:Order)"),
    removed("a refund is deleted", "EVENT_WITHOUT_SUBJECT", "Refund", "(n:Refund)"),
    edited("a refund's amount is edited", "REFUND_DIFFERS", "(n:Refund)", "amount_minor", "n.amount_minor - 1"),
    removed("an event is deleted", "SEQ_GAP", "Event", "(n:Event)", "n.seq"),
    edited(
        "an event's amount is edited",
        "ORDER_DIFFERS",
        "(n:Event {kind: 'OrderCompleted'})",
        "net_minor",
        "n.was + 1",
        "n.order_id",
    ),
    edited(
        "a first order is wrong",
        "FIRST_ORDER_WRONG",
        "(n:Member) WHERE n.first_order_seq > 0",
        "first_order_seq",
        "n.was + 1",
    ),
    # the forest
    Corruption(
        "a member has two referrers",
        "REFERRER_DOUBLED",
        ROOT_AND_LEAF + "CREATE (leaf)-[:REFERRED_BY {double: true}]->(root) RETURN leaf.id",
        "MATCH ()-[double:REFERRED_BY {double: true}]->() DELETE double",
    ),
    Corruption(
        "a member is above themselves",
        "REFERRAL_CYCLE",
        "MATCH (n:Member) WHERE n.depth = 0 WITH n ORDER BY n.id LIMIT 1 "
        "CREATE (n)-[:REFERRED_BY {double: true}]->(n) RETURN n.id",
        "MATCH ()-[double:REFERRED_BY {double: true}]->() DELETE double",
    ),
    edited("a depth is wrong", "DEPTH_WRONG", "(n:Member)", "depth", "n.depth + 1"),
    # scopes and standings
    edited("a scope is ahead of the log", "SCOPE_AHEAD", "(n:Scope)", "applied_seq", "1000000", "n.member_id"),
    edited(
        "the log is applied further than it goes", "LOG_POSITION", "(n:Log)", "applied_seq", "1000000", "'applied_seq'"
    ),
    Corruption(
        "a rank is invented",
        "RANK_WRONG",
        "CREATE (s:Standing {member_id: 'm24', currency: 'USD', names: ['V3'], seqs: [9], invented: true}) "
        "RETURN s.member_id",
        "MATCH (s:Standing {invented: true}) DELETE s",
    ),
    edited("a rank is forgotten", "RANK_WRONG", "(n:Standing)", "names", "['V0']", "n.member_id"),
    edited("a team volume is off by one", "VOLUME_WRONG", "(n:TeamVolume)", "volume_minor", "n.was + 1", "n.member_id"),
    edited("a member has more direct buyers", "DIRECTS_WRONG", "(n:Scope)", "direct", "99", "n.member_id"),
    Corruption(
        "a volume of nobody",
        "COUNTERS_STRAY",
        "CREATE (v:TeamVolume {member_id: 'nobody', period: 'all', currency: 'CNY', volume_minor: 5}) RETURN 1",
        "MATCH (v:TeamVolume {member_id: 'nobody'}) DELETE v",
        "team volumes",
    ),
    # keys
    Corruption(
        "a constraint is dropped",
        "CONSTRAINT_MISSING",
        "DROP CONSTRAINT slot_position",
        "CREATE CONSTRAINT slot_position FOR (s:Slot) REQUIRE (s.anchor_order_id, s.position) IS UNIQUE",
        "slot_position",
    ),
    edited("a key is lost", "KEY_MISSING", "(n:Reward)", "id", "null", "elementId(n)"),
]
