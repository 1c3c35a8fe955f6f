"""What is known of people in a real Neo4j: sealed, found by keyed hashes, revealed and erased, each time audited."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from network import NOON, accept, days, joins, number_all
from people import actions, everything, id_number_of, person, phone_of, plain, rows, sees

from graph.errors import InvalidInput, MemberConflict, UnknownMember
from graph.identity import IdentifierKind, IdentityField
from graph.members import Enrolment, MemberId
from graph.privacy_errors import DecryptionFailed, PrivacyBroken
from graph.store.identifiers import Sighting
from graph.verification.audit import verify_audit

if TYPE_CHECKING:
    from graph.wiring import Services

NAME, PHONE, ID_NUMBER = IdentityField.NAME, IdentityField.PHONE, IdentityField.ID_NUMBER


async def test_what_is_said_of_a_person_is_kept_and_nothing_of_it_is_plain(store: Services) -> None:
    await accept(store, person("a", 1, name="Ada Lovelace"), person("b", 2, "a"), joins("c", "b"))
    assert await plain(store, "a", NAME) == "Ada Lovelace"
    assert await plain(store, "b", PHONE) == phone_of(2)
    assert await plain(store, "b", ID_NUMBER) == id_number_of(2)
    assert await plain(store, "c", NAME) is None
    kept = await everything(store)
    assert "REFERRED" not in kept
    for value in ("Ada", "Lovelace", phone_of(1), phone_of(1)[3:], id_number_of(1), "Name of b"):
        assert value not in kept
    (keys,) = await rows(store, "MATCH (k:PersonKey) RETURN count(k) AS n, count(DISTINCT k.wrapped) AS m")
    assert keys == {"n": 2, "m": 2}


async def test_an_enrolment_said_again_is_known_and_one_that_says_otherwise_is_refused(store: Services) -> None:
    wish = person("a", 1)
    await accept(store, wish, wish, Enrolment(MemberId("a"), None))
    (before,) = await rows(store, "MATCH (m:Member {id: 'a'}) RETURN properties(m) AS p")
    for other, differing in (
        (replace(wish, name="Other"), ("name",)),
        (replace(wish, phone=phone_of(9)), ("phone",)),
        (replace(wish, id_number=id_number_of(9), joined_at=NOON + days(1)), ("joined_at", "id_number")),
    ):
        with pytest.raises(MemberConflict) as conflict:
            await accept(store, other)
        assert conflict.value.differing == differing
    await accept(store, joins("silent"))
    with pytest.raises(MemberConflict):
        await accept(store, replace(joins("silent"), name="said too late"))
    (after,) = await rows(store, "MATCH (m:Member {id: 'a'}) RETURN properties(m) AS p")
    assert after == before


async def test_one_batch_may_say_a_person_twice(store: Services) -> None:
    wish = person("a", 1)
    stamp = await store.clock().stamp()
    first, again, other = await store.members.enrol([(1, wish), (2, wish), (3, replace(wish, name="Other"))], stamp)
    assert not isinstance(first, Exception)
    assert not isinstance(again, Exception)
    assert (first.new, again.new) == (True, False)
    assert isinstance(other, MemberConflict)


async def test_two_who_share_a_phone_share_an_identifier(store: Services) -> None:
    await accept(store, person("a", 1), replace(person("b", 2), phone=phone_of(1)))
    assert await store.people.find_by(IdentifierKind.PHONE, "138 0000 0001", "ring 7", "rae") == ["a", "b"]
    assert await store.people.find_by(IdentifierKind.ID_NUMBER, id_number_of(2).lower(), "ring 7", "rae") == ["b"]
    assert await store.people.find_by(IdentifierKind.PHONE, phone_of(5), "ring 7", "rae") == []
    looked = [json.loads(row["r"]["detail"]) for row in await actions(store, "identity.looked_up")]
    assert [(row["found"], row["members"]) for row in looked] == [(2, "a b"), (1, "b"), (0, "")]
    assert phone_of(1)[3:] not in await everything(store)


async def test_a_sighting_is_one_fact_however_often_it_is_reported(store: Services) -> None:
    await accept(store, joins("a"), joins("b"))
    assert (await sees(store, "a", "device", "d-1")).new
    later = Sighting(MemberId("a"), IdentifierKind.DEVICE, " d-1 ", NOON + days(2))
    earlier = replace(later, seen_at=NOON - days(2))
    stamp = await store.clock().stamp()
    outcomes = await store.identifiers.record([(1, later), (2, earlier), (3, later)], stamp)
    assert [getattr(outcome, "new", None) for outcome in outcomes] == [False] * 3
    (edge,) = await rows(store, "MATCH ()-[u:USES]->() RETURN u.first_seen AS first, u.last_seen AS last")
    assert edge == {"first": "2025-12-30T12:00:00.000000Z", "last": "2026-01-03T12:00:00.000000Z"}
    (events,) = await rows(
        store, "MATCH (e:Event {kind: 'IdentifierSeen'}) RETURN count(e) AS n, max(e.member_id) AS m"
    )
    assert events == {"n": 1, "m": "a"}
    await number_all(store)
    assert (await store.log.position()).seq == 3


async def test_one_batch_of_sightings_judges_each(store: Services) -> None:
    await accept(store, joins("a"), person("gone", 3))
    await store.erasure.erase("gone", "on request", "ada")
    kinds = IdentifierKind
    wishes = [
        Sighting(MemberId("a"), kinds.IP, "192.0.2.1", NOON),
        Sighting(MemberId("a"), kinds.IP, "::ffff:192.0.2.1", NOON),
        Sighting(MemberId("a"), kinds.IP, "192.0.2", NOON),
        Sighting(MemberId("nobody"), kinds.IP, "192.0.2.1", NOON),
        Sighting(MemberId("gone"), kinds.IP, "192.0.2.1", NOON),
        Sighting(MemberId("a"), kinds.PHONE, "12345", NOON),
    ]
    outcomes = await store.identifiers.record(list(enumerate(wishes, 2)), await store.clock().stamp())
    said = [getattr(o, "code", None) or o.new for o in outcomes]
    assert said == [True, False, "BAD_IP", "UNKNOWN_MEMBER", "PERSON_ERASED", "BAD_PHONE"]


async def test_a_reveal_needs_a_reason_and_is_audited_without_the_value(store: Services) -> None:
    await accept(store, person("a", 1))
    found = await store.people.reveal("a", [PHONE, NAME], "ticket 12", "rae")
    assert found == {NAME: "Name of a", PHONE: phone_of(1)}
    (row,) = await actions(store, "identity.revealed")
    assert (row["r"]["subject"], row["r"]["actor"]) == ("a", "rae")
    assert json.loads(row["r"]["detail"]) == {"fields": "name,phone", "reason": "ticket 12"}
    for reason, code in (("", "BAD_REASON"), ("called 138 0000 0001", "PERSONAL_REASON")):
        with pytest.raises(InvalidInput) as refused:
            await store.people.reveal("a", [PHONE], reason, "rae")
        assert refused.value.code == code
    with pytest.raises(UnknownMember):
        await store.people.reveal("nobody", [PHONE], "ticket 12", "rae")
    assert len(await actions(store, "identity.revealed")) == 1
    assert phone_of(1)[3:] not in await everything(store)
    assert await verify_audit(store, lambda *_: None) == []


async def test_a_value_that_was_changed_fails_alone(store: Services) -> None:
    await accept(store, person("a", 1), person("b", 2))
    await store.database.schema("MATCH (a:Member {id: 'a'}), (b:Member {id: 'b'}) SET a.sealed_name = b.sealed_name")
    with pytest.raises(DecryptionFailed):
        await plain(store, "a", NAME)
    with pytest.raises(DecryptionFailed):
        await store.people.reveal("a", [NAME], "ticket 12", "rae")
    assert await plain(store, "a", PHONE) == phone_of(1)
    assert await plain(store, "b", NAME) == "Name of b"
    assert await actions(store, "identity.revealed") == []


async def test_names_of_an_earlier_version_are_sealed_by_the_migration(store: Services) -> None:
    await accept(store, *(joins(f"m{number}") for number in range(5)))
    await store.database.schema("MATCH (m:Member) WHERE m.id <> 'm4' SET m.name = 'Plain ' + m.id")
    await store.database.schema("MATCH (p:PrivacyMark {name: 'plain names sealed'}) DELETE p")
    await store.migrate()
    assert "Plain " not in await everything(store)
    assert [await plain(store, f"m{number}", NAME) for number in (0, 3, 4)] == ["Plain m0", "Plain m3", None]
    assert await store.erasure.seal_plain_names() == 0


async def test_a_database_of_another_key_file_takes_nothing_more(store: Services) -> None:
    await accept(store, person("a", 1))
    store.people.keyring.files.path.unlink()
    with pytest.raises(PrivacyBroken):
        await store.migrate()
    assert not store.people.keyring.files.exists
    with pytest.raises(PrivacyBroken):
        await accept(store, person("b", 2))
    with pytest.raises(PrivacyBroken):
        await sees(store, "a", "device", "d-1")
    await accept(store, joins("c"))
