"""The installation under attack from within: its signing key, its database, its engine's progress."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from forgeries import Forge, forge_of

from graph.access.opening import sign_token
from graph.engine.progress import drain
from graph.members import MemberId
from graph.principals import Principal, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graph.wiring import Services


@dataclass(frozen=True, slots=True)
class Inside:
    """What only the operator has. Somebody else runs the engine."""

    services: Services

    @property
    def key_file(self) -> Path:
        return self.services.settings.home / "access" / "signing_key.pem"

    def token(self, name: str, *roles: Role, member_id: str | None = None) -> str:
        member = None if member_id is None else MemberId(member_id)
        return sign_token(self.services.settings, Principal(name, frozenset(roles), member), timedelta(hours=1))

    def forge(self) -> Forge:
        """Forgeries by who holds the key itself, so that nothing but the forgery can be the reason of a refusal."""
        return forge_of(self.key_file)

    @contextmanager
    def another_signing_key(self) -> Iterator[None]:
        """The key's file is away, so that the next token makes a new one; in the end the old one is back."""
        kept = self.key_file.with_suffix(".kept")
        self.key_file.rename(kept)
        try:
            yield
        finally:
            kept.replace(self.key_file)

    async def rows(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        async with self.services.database.driver.session() as session:
            return await (await session.run(text, parameters)).data()  # type: ignore[arg-type]

    async def applied(self) -> None:
        """Returns when the engine has applied every accepted fact."""
        progress = await drain(self.services.log, lambda _: None, 60)
        assert progress.done, progress
