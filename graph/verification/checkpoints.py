"""Signed checkpoints: where all chains ended at a moment, in a file of their own, outside the database.

One JSON object a line, appended and forced to the disk: number, at, heads, previous, hash, signature. Each carries
the hash of the one before it. The signature (Ed25519, hexadecimal) is over the checkpoint's canonical bytes. One that
was made after an older copy of the database was put back says so by a `restoration`.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from graph.audit import FIRST, canonical
from graph.errors import AuditBroken
from graph.local.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedRandom
    from pathlib import Path

    from graph.store.audit import Heads

RESTORE = "Restore it from a copy; without it nobody can tell whether the trail was changed."


@dataclass(frozen=True, slots=True)
class Restoration:
    """Somebody's word that an older copy of the database was put back, knowingly."""

    actor: str
    reason: str
    kept: dict[str, int]
    """The last signed link of each chain that the copy has; what was signed beyond is given up."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where all chains ended at a moment. Numbers run from 1 without a gap."""

    number: int
    at: str
    heads: Heads
    previous: str
    """The hash of the checkpoint before; `FIRST` for the first."""
    hash: str = ""
    signature: str = ""
    restoration: Restoration | None = None

    @property
    def body(self) -> bytes:
        """What is signed."""
        said = [self.heads] if self.restoration is None else [self.heads, asdict(self.restoration)]
        texts = [json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for each in said]
        return b"\3" + canonical("checkpoint", str(self.number), self.at, self.previous, *texts)

    @property
    def computed_hash(self) -> str:
        """What `hash` must be."""
        return sha256(self.body).hexdigest()

    @property
    def line(self) -> bytes:
        """Its line in the file."""
        row = asdict(self)
        if self.restoration is None:
            del row["restoration"]
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the holder of the private key signed exactly this."""
        try:
            key.verify(bytes.fromhex(self.signature), self.body)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """The file and the key that signs it. Any number of processes may append."""

    path: Path
    key_path: Path

    @property
    def public_key_path(self) -> Path:
        """Beside the private key, made with it. Auditors keep a copy elsewhere."""
        return self.key_path.with_suffix(".pub")

    def append(self, at: str, heads: Heads) -> Checkpoint | None:
        """Signs and appends; answers with the newest one if the heads have not moved, None if they are older than its.

        Raises AuditBroken when the file or the key is not what it was.
        """
        with self._locked() as file:
            newest = _newest(file)
            if newest and newest.heads == heads:
                return newest
            if newest and any(heads.get(name, (0, ""))[0] < number for name, (number, _) in newest.heads.items()):
                return None
            return self._write(file, newest, at, heads)

    def declare(self, at: str, heads: Heads, restoration: Restoration) -> Checkpoint:
        """Signs and appends heads that may be older than before, and why. Raises AuditBroken as `append` does."""
        with self._locked() as file:
            return self._write(file, _newest(file), at, heads, restoration)

    @contextmanager
    def _locked(self) -> Iterator[BufferedRandom]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _write(
        self,
        file: BufferedRandom,
        newest: Checkpoint | None,
        at: str,
        heads: Heads,
        restoration: Restoration | None = None,
    ) -> Checkpoint:
        key = self._signing_key(may_make=newest is None)
        checkpoint = _signed(newest, at, heads, restoration, key)
        file.write(checkpoint.line)
        file.flush()
        os.fsync(file.fileno())
        return checkpoint

    def _signing_key(self, *, may_make: bool) -> Ed25519PrivateKey:
        try:
            key = load_pem_private_key(self.key_path.read_bytes(), password=None)
        except FileNotFoundError as fault:
            if may_make:
                return _make_key(self.key_path, self.public_key_path)
            raise AuditBroken(
                f"The key {self.key_path} that signed the checkpoints is gone.", remedy=RESTORE
            ) from fault
        except ValueError as fault:
            raise AuditBroken(f"{self.key_path} holds no private key.", remedy=RESTORE) from fault
        if not isinstance(key, Ed25519PrivateKey):
            raise AuditBroken(f"{self.key_path} holds a key of another kind than Ed25519.", remedy=RESTORE)
        return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The key against which signatures are held; raises AuditBroken if there is none."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (FileNotFoundError, ValueError) as fault:
        raise AuditBroken(f"{path} holds no public key.", remedy="Name the file with --public-key.") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise AuditBroken(f"{path} holds a key of another kind than Ed25519.")
    return key


def read_lines(path: Path) -> Iterator[tuple[int, Checkpoint | None]]:
    """Each line's number with its checkpoint; None for a line that is none. Nothing if there is no file."""
    if path.exists():
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, parse_line(line)


def parse_line(line: bytes) -> Checkpoint | None:
    """The checkpoint of one line, whether it is to be believed or not."""
    try:
        row: dict[str, Any] = json.loads(line)
        heads = {str(name): (int(number), str(of_link)) for name, (number, of_link) in row["heads"].items()}
        texts = {name: str(row[name]) for name in ("at", "previous", "hash", "signature")}
        return Checkpoint(int(row["number"]), heads=heads, restoration=_restoration(row.get("restoration")), **texts)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _restoration(row: dict[str, Any] | None) -> Restoration | None:
    if row is None:
        return None
    kept = {str(chain): int(number) for chain, number in row["kept"].items()}
    return Restoration(str(row["actor"]), str(row["reason"]), kept)


def _newest(file: BufferedRandom) -> Checkpoint | None:
    """The last checkpoint of the open file; a line cut off by a crash, which nobody was told of, is dropped."""
    file.seek(0)
    start, last, whole = 0, b"", 0
    for line in file:
        start += len(line)
        if line.endswith(b"\n"):
            last, whole = line, start
    file.truncate(whole)
    file.seek(0, os.SEEK_END)
    newest = parse_line(last) if last else None
    if last and newest is None:
        raise AuditBroken(f"The last line of {file.name} is no checkpoint.", remedy=RESTORE)
    return newest


def _signed(
    newest: Checkpoint | None, at: str, heads: Heads, restoration: Restoration | None, key: Ed25519PrivateKey
) -> Checkpoint:
    number, previous = (newest.number + 1, newest.computed_hash) if newest else (1, FIRST)
    plain = Checkpoint(number, at, heads, previous, restoration=restoration)
    return replace(plain, hash=plain.computed_hash, signature=key.sign(plain.body).hex())


def _make_key(path: Path, public_path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_private(public_path, public.decode())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, private.decode())
    return key
