"""Erasure: the key, the values and the hashes are gone, the money and the audit are whole, and it stays so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from desk import earn_available
from network import accept, joins
from people import actions, everything, id_number_of, person, phone_of, plain, rows, sees

from graph.errors import InvalidInput, UnknownMember
from graph.identity import IdentifierKind, IdentityField
from graph.members import MemberId
from graph.payouts import Withdrawal
from graph.privacy_errors import ErasureBlocked, MasterKeyInUse, PersonErased, PrivacyBroken
from graph.store.person_keys import NO_TIME
from graph.verification.audit import verify_audit

if TYPE_CHECKING:
    from graph.wiring import Services

NAME, PHONE = IdentityField.NAME, IdentityField.PHONE
OLD = "MATCH (m:Member {id: 'a'}), (k:PersonKey {member_id: 'a'}) RETURN properties(m) AS m, properties(k) AS k"


def nothing(*_: object) -> None:
    """Reports to nobody."""


async def test_nothing_of_an_erased_person_is_left_and_their_money_is(store: Services) -> None:
    await accept(store, person("a", 1), person("b", 2, "a"))
    await sees(store, "a", "device", "shared")
    await sees(store, "b", "device", "shared")
    await earn_available(store, "a", 500)
    first = await store.erasure.erase("a", "on request", "ada")
    assert first.identifiers == 3
    await store.audit.seal("a test")
    assert await plain(store, "a", NAME) is None
    assert await store.people.find_by(IdentifierKind.PHONE, phone_of(1), "ring 7", "rae") == []
    assert await store.people.find_by(IdentifierKind.DEVICE, "shared", "ring 7", "rae") == ["b"]
    assert len(await rows(store, "MATCH (i:Identifier) RETURN i")) == 3
    assert await rows(store, "MATCH (k:PersonKey {member_id: 'a'}) RETURN k") == []
    (balance,) = (await store.ledger.balances(["a"]))["a"]
    assert balance.available_minor == 500
    assert await store.erasure.erase("a", "once more", "ada") == type(first)("a", first.erased_at, 0)
    (erased,) = await actions(store, "identity.erased")
    assert json.loads(erased["r"]["detail"]) == {"reason": "on request"}
    assert await verify_audit(store, nothing) == []
    assert await store.erasure.checked() == 1


async def test_nothing_personal_of_an_erased_person_is_taken_again(store: Services) -> None:
    await accept(store, person("a", 1))
    await store.erasure.erase("a", "on request", "ada")
    with pytest.raises(PersonErased):
        await accept(store, person("a", 1))
    with pytest.raises(PersonErased):
        await sees(store, "a", "ip", "192.0.2.1")
    with pytest.raises(PersonErased):
        await store.people.reveal("a", [NAME], "ticket 12", "rae")
    await accept(store, joins("a"), joins("below", "a"))


async def test_money_on_its_way_or_held_keeps_a_person(store: Services) -> None:
    await accept(store, person("a", 1))
    ids = await earn_available(store, "a", 500, 300)
    payout = await store.desk.withdrawals.withdraw(Withdrawal(MemberId("a"), "CNY", 500, "w-1"), "fin")
    await store.desk.holds.hold(ids[1:], "h-1", "rae", "ring 7")
    with pytest.raises(ErasureBlocked) as blocked:
        await store.erasure.erase("a", "on request", "ada")
    assert (blocked.value.payouts, blocked.value.held) == (1, 1)
    assert await plain(store, "a", NAME) == "Name of a"
    assert store.people.keyring.register.count == 0
    await store.desk.batches.fail(payout.payout_id, "fin", "account closed")
    with pytest.raises(ErasureBlocked):
        await store.erasure.erase("a", "on request", "ada")
    await store.desk.holds.release("h-1", "rae", "cleared")
    await store.erasure.erase("a", "on request", "ada")
    with pytest.raises(UnknownMember):
        await store.erasure.erase("nobody", "on request", "ada")
    with pytest.raises(InvalidInput):
        await store.erasure.erase("a", " ", "ada")


async def test_what_an_older_backup_brings_back_stays_unreadable_and_is_erased_again(store: Services) -> None:
    await accept(store, person("a", 1), person("b", 2))
    (before,) = await rows(store, OLD)
    await store.erasure.erase("a", "on request", "ada")
    await _bring_back(store, before)
    assert await plain(store, "a", NAME) is None
    with pytest.raises(PersonErased):
        await store.people.reveal("a", [NAME], "ticket 12", "rae")
    assert await store.erasure.reapply() == 1
    assert await rows(store, "MATCH (k:PersonKey {member_id: 'a'}) RETURN k") == []
    assert await plain(store, "b", NAME) == "Name of b"
    assert await store.erasure.reapply() == 0
    assert await verify_audit(store, nothing) == []


async def _bring_back(store: Services, before: dict[str, dict[str, object]]) -> None:
    async with store.database.driver.session() as session:
        await session.run(
            "MATCH (m:Member {id: 'a'}) SET m = $m CREATE (k:PersonKey) SET k = $k "
            "WITH m MATCH (p:PrivacyMark {name: 'keys'}) SET p.erasures = 0",
            before,
        )


async def test_a_register_that_lost_its_end_is_noticed_at_the_start(store: Services) -> None:
    await accept(store, person("a", 1), person("b", 2))
    await store.erasure.erase("a", "on request", "ada")
    await store.erasure.erase("b", "on request", "ada")
    register = store.people.keyring.register.path
    register.write_bytes(register.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(PrivacyBroken):
        await store.migrate()
    register.unlink()
    with pytest.raises(PrivacyBroken):
        await store.migrate()


async def test_a_rotation_changes_no_value_and_the_old_key_can_go(store: Services) -> None:
    await accept(store, *(person(f"m{number}", number) for number in range(7)))
    masters = store.people.keyring.masters
    old = masters.active
    with pytest.raises(MasterKeyInUse, match="active"):
        await store.person_keys.retire(old, "ada", NO_TIME)
    rotation = await store.person_keys.rotate("ada", nothing, at_once=2)
    assert (rotation.rewrapped, rotation.resumed) == (7, False)
    assert await store.person_keys.kids() == {masters.active: 7}
    with pytest.raises(MasterKeyInUse, match="10 minutes"):
        await store.person_keys.retire(old, "ada")
    await store.person_keys.retire(old, "ada", NO_TIME)
    assert not masters.has(old)
    store.people.keyring.forget()
    for number in range(7):
        assert await plain(store, f"m{number}", PHONE) == phone_of(number)
        assert await store.people.find_by(IdentifierKind.ID_NUMBER, id_number_of(number), "ring", "rae") == [
            f"m{number}"
        ]
    assert [row["r"]["kind"] for row in await actions(store, "master_key.retired")] == ["master_key.retired"]


async def test_a_key_that_still_wraps_cannot_go(store: Services) -> None:
    await accept(store, person("a", 1), person("b", 2))
    old = store.people.keyring.masters.active
    await store.person_keys.rotate("ada", nothing)
    await store.database.schema(f"MATCH (k:PersonKey {{member_id: 'a'}}) SET k.kid = '{old}'")
    with pytest.raises(MasterKeyInUse, match="wraps 1"):
        await store.person_keys.retire(old, "ada", NO_TIME)
    again = await store.person_keys.rotate("ada", nothing)
    assert (again.resumed, again.rewrapped) == (True, 1)


async def test_nothing_plain_is_left_by_any_of_it(store: Services) -> None:
    await accept(store, person("a", 1))
    await store.person_keys.rotate("ada", nothing)
    await store.erasure.erase("a", "on request", "ada")
    kept = await everything(store)
    assert not any(value in kept for value in (phone_of(1)[3:], id_number_of(1), "Name of a"))
