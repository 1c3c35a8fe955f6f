"""Phones and ID numbers over GraphQL: masked, looked up, revealed with a reason, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from e2e.api_client import ADMIN, Client
from e2e.api_client import client as client_of
from people import actions, id_number_of, person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.wiring import Services

WHO = {"memberId": "ada", "name": "Ada Lovelace", "phone": "138-0000 0001", "idNumber": id_number_of(1).lower()}
ENROLL = """mutation($input: EnrollMemberInput!) { enrollMember(input: $input) {
  ... on EnrollMemberSuccess { member { name phone idNumber } }
  ... on InvalidInputError { code field message }
  ... on UserError { code } } }"""
ASKED = {
    "recordIdentifier": "... on RecordIdentifierSuccess { new }",
    "findMember": "... on FindMemberSuccess { members { memberId phone } }",
    "revealIdentity": "... on RevealIdentitySuccess { name phone idNumber }",
    "eraseMember": "... on EraseMemberSuccess { memberId erasedAt }",
}


@pytest_asyncio.fixture(loop_scope="session")
async def client(store: Services) -> AsyncIterator[Client]:
    async with client_of(store) as made:
        yield made


async def asks(client: Client, name: str, **wish: object) -> dict[str, Any]:
    kind = name[0].upper() + name[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {ASKED[name]} ... on UserError {{ code }} }} }}"
    found: dict[str, Any] = (await client.data(query, input=wish))[name]
    return found


async def test_a_member_is_shown_masked_and_revealed_for_a_reason(client: Client, store: Services) -> None:
    masked = {"name": "A*** L***", "phone": "138****0001", "idNumber": f"1101**********{id_number_of(1)[-4:]}"}
    assert (await client.data(ENROLL, input=WHO))["enrollMember"] == {"member": masked}
    assert (await client.data(ENROLL, input=WHO))["enrollMember"] == {"member": masked}
    shown = await asks(client, "revealIdentity", memberId="ada", fields=["PHONE"], reason="ticket 12")
    assert shown == {"name": None, "phone": "+8613800000001", "idNumber": None}
    assert len(await actions(store, "identity.revealed")) == 1


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"phone": "138000"}, "BAD_PHONE", "phone"),
        ({"idNumber": "110105194912310021"}, "BAD_ID_NUMBER", "idNumber"),
        ({"idNumber": "110105491231002"}, "OLD_ID_NUMBER", "idNumber"),
        ({"memberId": "13800000001"}, "PERSONAL_ID", "memberId"),
        ({"name": "a\u202eb"}, "BAD_NAME", "name"),
    ],
)
async def test_a_value_that_cannot_be_read_is_not_repeated(
    client: Client, wrong: dict[str, str], code: str, field: str
) -> None:
    answer = (await client.data(ENROLL, input=WHO | wrong))["enrollMember"]
    assert (answer["code"], answer["field"]) == (code, field)
    assert next(iter(wrong.values())) not in answer["message"]


async def test_an_identifier_leads_to_all_who_were_seen_with_it(client: Client) -> None:
    for wish in (WHO, {"memberId": "bo"}):
        await client.data(ENROLL, input=wish)
    seen = {"memberId": "bo", "kind": "PHONE", "value": "+86 13800000001"}
    assert await asks(client, "recordIdentifier", **seen) == {"new": True}
    assert await asks(client, "recordIdentifier", **seen) == {"new": False}
    assert await asks(client, "recordIdentifier", **seen | {"value": "1"}) == {"code": "BAD_PHONE"}
    assert await asks(client, "recordIdentifier", **seen | {"memberId": "cy"}) == {"code": "UNKNOWN_MEMBER"}
    found = await asks(client, "findMember", kind="PHONE", value="13800000001", reason="ring 7")
    assert found == {"members": [{"memberId": "ada", "phone": "138****0001"}, {"memberId": "bo", "phone": None}]}
    refused = await asks(client, "findMember", kind="PHONE", value="13800000001", reason="for 13800000001")
    assert refused == {"code": "PERSONAL_REASON"}


async def test_an_erased_member_is_there_without_a_name(client: Client) -> None:
    await client.data(ENROLL, input=WHO)
    admin = client.of(ADMIN)
    erased = await asks(admin, "eraseMember", memberId="ada", reason="on request")
    assert erased["memberId"] == "ada"
    assert await asks(admin, "eraseMember", memberId="ada", reason="again") == erased
    gone = {"memberId": "ada", "name": None, "phone": None, "idNumber": None}
    assert await client.data('{ member(memberId: "ada") { memberId name phone idNumber } }') == {"member": gone}
    assert (await client.data(ENROLL, input=WHO))["enrollMember"] == {"code": "PERSON_ERASED"}
    shown = await asks(client, "revealIdentity", memberId="ada", fields=["NAME"], reason="ticket 12")
    assert shown == {"code": "PERSON_ERASED"}


async def test_a_name_that_does_not_open_fails_alone(client: Client, store: Services) -> None:
    await client.data(ENROLL, input=WHO)
    await store.members.enrol([(1, person("bo", 2))], await store.clock().stamp())
    await store.database.schema("MATCH (a:Member {id: 'ada'}), (b:Member {id: 'bo'}) SET a.sealed_name = b.sealed_name")
    answer = await client.answer("{ members { nodes { memberId name } } }")
    assert [row["name"] for row in answer["data"]["members"]["nodes"]] == [None, "N*** o*** b***"]
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "DECRYPTION_FAILED"
