"""Documents known by the SHA-256 of their text: a client sends the hash, and a stranger's document is none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from api.guard.refusal import Refusal
from graph.errors import InvalidInput
from graph.principals import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.principals import Principal
    from graph.settings import Settings

FREE = frozenset({Role.ANALYST, Role.ADMIN})
"""Those who may ask with documents of their own where only known ones are trusted."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A manifest and what it is for: `mode` is off, prefer or require."""

    mode: str = "off"
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Trusted:
        """As the settings say; raises InvalidInput for a manifest that is missing or does not match its hashes."""
        if settings.trusted_documents == "off":
            return cls()
        if settings.trusted_manifest is None:
            raise _unusable("it must be set where trusted_documents is not off")
        try:
            texts = orjson.loads(settings.trusted_manifest.read_bytes())
        except (OSError, ValueError) as fault:
            raise _unusable(f"the file cannot be read ({type(fault).__name__})") from fault
        if not isinstance(texts, dict) or not all(_is_named(text, name) for name, text in texts.items()):
            raise _unusable("it must be an object of texts by their SHA-256")
        return cls(settings.trusted_documents, texts)

    def named(self, request: Mapping[str, Any]) -> str | None:
        """The text that a request means: its own, or the one of its hash; raises Refusal for an unknown hash."""
        text: str | None = request.get("query")
        name = _hash_in(request)
        if name is None:
            return text
        if text is not None:
            if digest(str(text)) != name:
                raise Refusal(400, code="PERSISTED_QUERY_MISMATCH")
            return text
        known = self.texts.get(name)
        if known is None:
            raise Refusal(400, code="PERSISTED_QUERY_NOT_FOUND")
        return known

    def refuse(self, text: str, principal: Principal) -> None:
        """Refuses a document that is not of the manifest, from anybody who may only send those."""
        if self.mode == "require" and not principal.has(FREE) and digest(text) not in self.texts:
            raise Refusal(400, code="UNTRUSTED_DOCUMENT")


def digest(text: str) -> str:
    """The hash by which a document is known."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_named(text: object, name: str) -> bool:
    return isinstance(text, str) and digest(text) == name


def _hash_in(request: Mapping[str, Any]) -> str | None:
    """The hash in `documentId`, or where Apollo's clients put it."""
    name = request.get("documentId")
    if name is None:
        extensions = request.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
        name = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if name is None:
        return None
    if not isinstance(name, str):
        raise Refusal(400, code="PERSISTED_QUERY_NOT_FOUND")
    return name.removeprefix("sha256:").lower()


def _unusable(why: str) -> InvalidInput:
    return InvalidInput("trusted_manifest", f"THREEFOLD_TRUSTED_MANIFEST cannot be used: {why}.", code="BAD_SETTING")
