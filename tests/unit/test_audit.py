"""The bytes and hashes of the audit trail: what RFC 6962 says, and what no two records share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.audit import FIRST, Action, Link, action_leaf, canonical, entry_leaf, leaf, merkle_root
from graph.ledger import Account, Entry
from graph.members import MemberId

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
ENTRY = Entry("r" * 32, "completion:o1", MemberId("ada"), Account.COMPANY_REWARDS, Account.PENDING, 5980, "CNY", AT)
ACTION = Action("plan.published", "plan:2", "ada", AT, {"version": 2, "name": "x"})
LINK = Link("p0", 1, FIRST, "ab" * 32, bytes(16), bytes(32), "2026-01-01T12:00:00.000000Z", "worker")

RFC_6962_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
RFC_6962_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_tree_is_that_of_certificate_transparency(size: int) -> None:
    leaves = [leaf(bytes.fromhex(text)) for text in RFC_6962_LEAVES[:size]]
    assert merkle_root(leaves).hex() == RFC_6962_ROOTS[size]


def test_canonical_bytes_are_lengths_and_then_texts() -> None:
    assert canonical("a", "会") == bytes.fromhex("00000001 00000003") + "a会".encode()


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_lists_of_one_length_share_no_bytes(one: list[str], other: list[str]) -> None:
    other = (other + [""] * len(one))[: len(one)]
    assert (canonical(*one) == canonical(*other)) == (one == other)


def test_the_leaf_of_an_entry_never_changes() -> None:
    """Written down: a change of it would make every trail that exists look forged."""
    assert entry_leaf(ENTRY, ENTRY.entry_id).hex() == "7fd06ae64fc24ceb857ed006599280d1a97e0572e1906fbad5ab14f56aa3e23c"
    assert action_leaf(ACTION).hex() == "bddd0bc2bcdceb477894bc30bfe75cc5770739dae2e13e55d507dd1dec4ec046"
    assert LINK.hash == "c5334f0e512b077ad5977d2d5caa4d14427f06cbb299ca85f881e9d1f8c585b2"


@pytest.mark.parametrize(
    "change",
    [
        {"reward_id": "s" * 32},
        {"cause": "completion:o2"},
        {"beneficiary_id": "bo"},
        {"debit": Account.HELD},
        {"credit": Account.AVAILABLE},
        {"amount_minor": 5981},
        {"currency": "USD"},
        {"at": AT.replace(microsecond=1)},
    ],
)
def test_every_field_of_an_entry_is_in_its_leaf(change: dict[str, object]) -> None:
    changed = replace(ENTRY, **change)  # type: ignore[arg-type]
    assert entry_leaf(changed, ENTRY.entry_id) != entry_leaf(ENTRY, ENTRY.entry_id)


@pytest.mark.parametrize(
    "change", [{"kind": "hold.placed"}, {"subject": "p"}, {"actor": "bo"}, {"at": AT.replace(hour=1)}, {"detail": {}}]
)
def test_every_field_of_an_action_is_in_its_leaf(change: dict[str, object]) -> None:
    assert action_leaf(replace(ACTION, **change)) != action_leaf(ACTION)  # type: ignore[arg-type]


def test_the_order_in_which_a_detail_was_given_does_not_matter() -> None:
    assert replace(ACTION, detail={"name": "x", "version": 2}).detail_text == ACTION.detail_text


@pytest.mark.parametrize(
    "change",
    [
        {"chain": "p1"},
        {"number": 2},
        {"previous": "1" * 64},
        {"root": "cd" * 32},
        {"keys": bytes(15) + b"1"},
        {"leaves": bytes(64)},
        {"at": ""},
        {"actor": "eve"},
    ],
)
def test_every_field_of_a_link_is_in_its_hash(change: dict[str, object]) -> None:
    """The leaves are by way of their root and their count."""
    assert replace(LINK, **change).hash != LINK.hash  # type: ignore[arg-type]
