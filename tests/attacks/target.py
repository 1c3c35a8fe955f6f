"""The server under attack: requests as they should be, and bytes as they should not."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import orjson

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from attacks.inside import Inside

JSON = "application/json"
LETTERS = str.maketrans("0123456789", "ghijklmnop")
NOON = "2026-01-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 where the server closed the connection without a word."""

    status: int
    text: str = ""

    @property
    def json(self) -> Any:
        return orjson.loads(self.text)

    @property
    def codes(self) -> list[str]:
        """The codes of its errors, at the top and inside mutations."""
        found = self.json
        inside = [part.get("code") for part in (found.get("data") or {}).values() if isinstance(part, dict)]
        return [e["extensions"]["code"] for e in found.get("errors", ())] + [code for code in inside if code]

    @property
    def one(self) -> Any:
        """The one field's answer; fails on errors."""
        assert "errors" not in self.json, self.text[:500]
        (value,) = self.json["data"].values()
        return value


@dataclass(slots=True)
class Target:
    """An address and two tokens; everything sent in an attack is kept in `answers`."""

    url: str
    token: str
    member_token: str | None = None
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))
    answers: list[Answer] = field(default_factory=list)
    log: Callable[[], str] | None = None
    """What the server has logged, where that can be read."""
    inside: Inside | None = None
    """The installation itself, where its keys and its database can be reached."""
    left_out: list[str] = field(default_factory=list)
    """What an attack did not do for want of one of these."""

    def without(self, wanted: object, what: str) -> bool:
        """Whether this is not at hand, so that part of an attack must be left out."""
        if not wanted:
            self.left_out.append(what)
        return not wanted

    @property
    def member_id(self) -> str:
        """Whose eyes the member's token has."""
        payload = str(self.member_token).split(".")[1]
        return str(orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["member_id"])

    async def by(self, token: str, query: str, **variables: Any) -> Answer:
        """What `ask` asks, with this token."""
        return await self.send({"query": query, "variables": variables}, authorization=f"Bearer {token}")

    async def send(
        self, body: bytes | dict[str, Any], method: str = "POST", path: str = "/graphql", **headers: str
    ) -> Answer:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        sent = {"content-type": JSON, "authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self.http.request(method, self.url + path, content=content, headers=sent)
        return self.keep(Answer(response.status_code, response.text))

    async def ask(self, query: str, *, member: bool = False, **variables: Any) -> Answer:
        return await self.by(str(self.member_token if member else self.token), query, **variables)

    async def do(
        self, mutation: str, kind: str, wish: dict[str, Any], shown: str = "__typename", *, member: bool = False
    ) -> Answer:
        """One mutation with an input of this kind."""
        fields = f"__typename ... on UserError {{ code message }} {shown}"
        query = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} }} }}"
        return await self.ask(query, member=member, input=wish)

    async def enroll(self, member: str, referrer: str | None = None, **more: Any) -> Answer:
        wish = {"memberId": member, "referrerId": referrer, "joinedAt": NOON, **more}
        return await self.do("enrollMember", "EnrollMemberInput", wish)

    async def adjust(self, member: str, amount: Any, key: str | None = None) -> Answer:
        wish = {"memberId": member, "amountMinor": amount, "currency": "CNY", "reason": "a test"}
        shown = "... on AdjustBalanceSuccess { adjustment { adjustmentId amount { amountMinor } status } }"
        wish |= {"adjustmentId": key or self.name("a")}
        return await self.do("adjustBalance", "AdjustBalanceInput", wish, shown)

    async def complete(self, member: str, amount: Any, order: str | None = None) -> Answer:
        wish = {"memberId": member, "amountMinor": amount, "currency": "CNY", "completedAt": NOON}
        wish |= {"orderId": order or self.name("o")}
        return await self.do("completeOrder", "CompleteOrderInput", wish)

    async def withdraw(self, member: str, amount: Any, *, viewer: bool = False) -> Answer:
        wish = {"memberId": member, "amountMinor": amount, "currency": "CNY", "idempotencyKey": self.name("w")}
        return await self.do("requestWithdrawal", "RequestWithdrawalInput", wish, member=viewer)

    async def raw(self, *pieces: bytes, pause_s: float = 0, wait_s: float = 30) -> Answer:
        """Bytes on a socket; the status of what comes back."""
        where = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=2**20)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_s)
            found = await asyncio.wait_for(_response(reader), wait_s)
        except ConnectionError:
            found = b""
        finally:
            writer.close()
        head, _, body = found.partition(b"\r\n\r\n")
        return self.keep(Answer(int(head.split()[1]) if head else 0, body.decode("utf-8", "replace")))

    async def leave(self, sent: bytes) -> None:
        """Sends a part, and is gone."""
        where = urlsplit(self.url)
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(sent)
        await writer.drain()
        writer.close()

    def head(self, *more: str, length: int | None = None, token: bool = True) -> bytes:
        """The head of a POST by hand."""
        lines = ["POST /graphql HTTP/1.1", f"host: {urlsplit(self.url).netloc}", f"content-type: {JSON}", *more]
        if token:
            lines.append(f"authorization: Bearer {self.token}")
        if length is not None:
            lines.append(f"content-length: {length}")
        return "\r\n".join([*lines, "", ""]).encode()

    def keep(self, answer: Answer) -> Answer:
        self.answers.append(answer)
        return answer

    def name(self, kind: str) -> str:
        """An id that nobody has used: letters alone, since digits may look like a phone."""
        return f"{kind}-{token_hex(6).translate(LETTERS)}"


async def _response(reader: asyncio.StreamReader) -> bytes:
    """One response, or what came of it before the connection was closed."""
    found = b""
    while part := await reader.read(65_536):
        found += part
        head, end, body = found.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if end and len(body) >= int((lengths or [b"0"])[0]):
            break
    return found


@dataclass(frozen=True, slots=True)
class Attack:
    """One input of the list. `run` fails where what comes of it is not what must."""

    number: int
    what: str
    expected: str
    run: Callable[[Target], Awaitable[None]]


def refused(answer: Answer, *codes: str, statuses: tuple[int, ...] = (200, 400)) -> None:
    assert answer.status in statuses, (answer.status, answer.text[:300])
    assert answer.codes, answer.text[:300]
    assert set(answer.codes) <= set(codes), (answer.codes, codes)
