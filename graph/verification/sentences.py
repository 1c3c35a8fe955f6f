"""What each code of `threefold verify` says, in one sentence."""

from __future__ import annotations

SENTENCES = {
    # keys
    "KEY_MISSING": "A node {subject} with the label {about} has no key.",
    "CONSTRAINT_MISSING": "The constraint {subject} is missing: doubled keys would not be refused.",
    # forest
    "REFERRER_DOUBLED": "Member {subject} has {found} referrers: {about}.",
    "REFERRAL_CYCLE": "Member {subject} is above themselves: {about}.",
    "DEPTH_WRONG": "Member {subject} has depth {found} instead of {expected}.",
    # log
    "SEQ_GAP": "The log has no event {subject}; the next is {found}.",
    "SEQ_DOUBLED": "The log has more than one event {subject}.",
    "LOG_POSITION": "The log's {subject} is {found}, beyond its {about} {expected}.",
    "EVENT_WITHOUT_SUBJECT": "Event {found} is about {about} {subject}, which does not exist.",
    "EVENT_DIFFERS": "Event {subject} says {about} {found} instead of {expected}.",
    "ORDER_DIFFERS": "Order {subject} has {about} {found}; its completion says {expected}.",
    "ORDER_REFUNDED": "Order {subject} has {found} minor units refunded; its refunds come to {expected}, {about}.",
    "ORDER_STATUS": "Order {subject} is {found} instead of {expected}.",
    "ORDER_WITHOUT_EVENT": "Order {subject} is completed, but no event of the log is about it.",
    "REFUND_DIFFERS": "Refund {subject} has {about} {found} instead of {expected}.",
    "REFUND_WITHOUT_EVENT": "Refund {subject} is applied, but lacks its order or its event.",
    "FIRST_ORDER_WRONG": "Member {subject} has their first order at event {found} instead of {expected}.",
    # scopes
    "FACTS_NOT_APPLIED": "{found} facts are not applied yet, the first is {subject}: run `threefold drain`.",
    "SCOPE_AHEAD": "The scope of member {subject} is applied up to {found}; the log ends at {expected}.",
    "STORE_MOVED": "The store was written to meanwhile; {found} differences were set aside: run it again when quiet.",
    # recount
    "REWARD_MISSING": "Reward {subject} is missing: {about} is due {expected}.",
    "REWARD_SURPLUS": "Reward {subject} of {found} is not due to anybody: {about}.",
    "REWARD_AMOUNT": "Reward {subject} is {found} minor units instead of {expected}: {about}.",
    "REWARD_CURRENCY": "Reward {subject} is in {found} instead of {expected}.",
    "REWARD_SLOT": "Reward {subject} is for slot {found} instead of {expected}.",
    "REWARD_PLAN_VERSION": "Reward {subject} follows plan version {found} instead of {expected}.",
    "REWARD_LEVEL": "Reward {subject} is of level {found} instead of {expected}.",
    "REWARD_ANCHOR": "Reward {subject} is for the anchor {found} instead of {expected}.",
    "REWARD_BENEFICIARY": "Reward {subject} goes to {found} instead of {expected}.",
    "REWARD_RULE": "Reward {subject} is a {found} instead of a {expected}.",
    "REWARD_ORDER": "Reward {subject} is for order {found} instead of {expected}.",
    "ORDER_NET": "Order {subject} counts for {found} minor units instead of {expected}.",
    # slots
    "SLOT_MISSING": "Slot {subject} is empty; {expected} fills it.",
    "SLOT_SURPLUS": "Slot {subject} is filled by {found}; it is empty.",
    "SLOT_REFERRAL": "Slot {subject} is filled by {found} instead of {expected}.",
    "SLOT_OUT_OF_RANGE": "Slot {subject}, filled by {found}, does not exist: the order has {expected}.",
    "SLOT_DOUBLED": "Slot {subject} is filled twice: also by {found}.",
    "SLOT_ANCHOR": "Slot {subject} hangs on order {found} instead of {expected}.",
    "SLOT_WITHOUT_ANCHOR": "Slot {subject} hangs on no order.",
    "REFERRAL_DOUBLED": "Order {subject} fills two slots: also {found}.",
    # ledger
    "ENTRY_ID": "Entry {subject} should have the id {expected}: {about}.",
    "ENTRY_AMOUNT": "Entry {subject} moves {found} minor units; it must be more than none.",
    "ENTRY_ACCOUNTS": "Entry {subject} moves money from {found}, which no rule does.",
    "ENTRY_BENEFICIARY": "Entry {subject} is of {found}; its reward {about} of {expected}.",
    "ENTRY_CURRENCY": "Entry {subject} is in {found}; its reward {about} in {expected}.",
    "ENTRY_CAUSE": "Entry {subject} has the cause {found}, which is no fact of the log.",
    "ENTRY_WITHOUT_REWARD": "Entry {subject} belongs to no reward.",
    "REWARD_ENTRIES": "Reward {subject} says {found} minor units; its entries come to {expected}.",
    "REWARD_PAID": "Reward {subject} says {found} minor units are paid out; its entries say {expected}.",
    "REWARD_STATE": "Reward {subject} is {found}, but its money lies in {expected}.",
    "TRANSACTION_UNBALANCED": "The entries of {subject} are out of balance by {found} minor units of {about}.",
    # balances
    "BALANCE_WRONG": "The balance of {subject} in {about} is {found}; their rewards come to {expected}.",
    "BALANCE_NEGATIVE": "Member {subject} has {found} minor units of {about}.",
    "BENEFICIARY_UNKNOWN": "Money is kept for {subject}, who is no member.",
    "CURRENCY_UNBALANCED": "The company gave {expected} minor units of {subject}; members hold {found}.",
    # standings
    "RANK_WRONG": "Member {subject} has reached {found} in {about} instead of {expected}.",
    "VOLUME_WRONG": "The team volume of {subject} in {about} is {found} instead of {expected}.",
    "DIRECTS_WRONG": "Member {subject} has {found} direct buyers instead of {expected}.",
    "COUNTERS_STRAY": "There are {found} {subject} instead of {expected}.",
}
"""By code; `{{subject}}`, `{{expected}}`, `{{found}}` and `{{about}}` are those of the mismatch."""
