"""Records as they stand, held against the leaves of the links they name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from graph.audit import KEY_BYTES, LEAF_BYTES, merkle_root, parts
from graph.verification.audit_links import split
from graph.verification.evidence import ENTRY_FIELDS, entry_row_leaf, flat_entry, record_row_leaf
from graph.verification.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.store.audit import Heads
    from graph.verification.audit_links import Held, Links
    from graph.verification.evidence import Evidence, Row

PAIR = KEY_BYTES + LEAF_BYTES
ACTION = bytes(KEY_BYTES - 4)
"""How the keys of actions begin."""
STRAYS_KEPT, ASKED_AT_ONCE = 100_000, 5_000
SWAPS_LOOKED_FOR = 100
"""Among how many edited entries pairs are tried; with more, each is named by itself."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A record whose leaf is not the one that its link has under its key."""

    place: str
    key: bytes
    recorded: bytes
    found: bytes


@dataclass(slots=True)
class Records:
    """What the records say, beside what the links say. 96 bytes a record are kept, whatever the size of the trail."""

    links: Links
    strays: dict[str, str] = field(default_factory=dict)
    """Entries that name no link that could hold them, with what they name."""
    stray_records: list[tuple[str, str]] = field(default_factory=list)
    edited: list[Edited] = field(default_factory=list)
    missing: list[tuple[str, bytes]] = field(default_factory=list)
    """Link and key of records that their link has, and that do not name it."""
    extra: list[tuple[str, bytes]] = field(default_factory=list)
    """Link and key of records that name a link that does not have them."""

    def read_entry(self, raw: Row) -> None:
        """Takes one entry in."""
        row = flat_entry(raw)
        place, entry_id = row["link"], row["id"]
        held = self.links.held.get(place) if isinstance(place, str) else None
        if held is not None:
            held.found += _entry_key(entry_id) + entry_row_leaf(row)
        elif not self.links.accounts_for(place) and len(self.strays) < STRAYS_KEPT:
            self.strays[entry_id] = str(place)

    def read_record(self, row: Row) -> None:
        """Takes one record in that is no entry."""
        of_link, place, record_id = row["link_id"], row["place"], row["id"]
        held = self.links.held.get(of_link) if isinstance(of_link, str) else None
        named_right = type(place) is int and 0 <= place < 2**31 and record_id == f"{of_link}/{place}"
        if held is not None and named_right:
            held.found += place.to_bytes(KEY_BYTES, "big") + record_row_leaf(row)
        elif not named_right:
            self.links.findings.add(Code.RECORD_INSERTED, record_id, "It is not where its id says.")
        elif not self.links.accounts_for(of_link) and len(self.stray_records) < STRAYS_KEPT:
            self.stray_records.append((record_id, of_link))

    async def judge(self, evidence: Evidence) -> None:
        """Holds the records found against each link's leaves, and names every difference."""
        for place, held in self.links.held.items():
            self._compare(place, held)
        elsewhere = {key for _, key in self.extra} | {_entry_key(entry_id) for entry_id in self.strays}
        moved = {key for _, key in self.missing if key in elsewhere and not key.startswith(ACTION)}
        for place, key in self.missing:
            if key in moved:
                why = "It names another link than the one that recorded it."
                self.links.findings.add(Code.ENTRY_EDITED, f"{place}/{_name(key)}", why)
            else:
                self._add("REMOVED", place, key, "Its link has it; it is gone.")
        for place, key in self.extra:
            if key not in moved:
                self._add("INSERTED", place, key, "It is not among the records of its link.")
        self.strays = {entry_id: link for entry_id, link in self.strays.items() if _entry_key(entry_id) not in moved}
        await self._judge_edited(evidence)

    async def judge_strays(self, evidence: Evidence, heads: Heads) -> None:
        """What named no link that had been read; links up to these heads have come meanwhile."""
        for record_id, of_link in self.stray_records:
            if not self._came_meanwhile(of_link, heads):
                self.links.findings.add(Code.RECORD_INSERTED, record_id, "Its link does not exist.")
        for ids in _batched(list(self.strays), ASKED_AT_ONCE):
            self._judge_strays(await evidence.entries_by_ids(ids), heads)

    def _judge_strays(self, rows: Sequence[Row], heads: Heads) -> None:
        for raw in rows:
            if self._came_meanwhile(str(raw["link"]), heads):
                continue
            why = "It names no link." if raw["link"] is None else f"It names link {raw['link']}, which does not exist."
            self.links.findings.add(Code.ENTRY_INSERTED, f"{raw['link'] or '-'}/{raw['id']}", why)

    def _came_meanwhile(self, place: str, heads: Heads) -> bool:
        chain, number = split(place)
        return self.links.heads.get(chain, (0, ""))[0] < number <= heads.get(chain, (0, ""))[0]

    def _compare(self, place: str, held: Held) -> None:
        link, found = held.link, sorted(parts(bytes(held.found), PAIR))
        recorded = dict(zip(parts(link.keys, KEY_BYTES), parts(link.leaves, LEAF_BYTES), strict=False))
        held.found.clear()
        if found == sorted(key + leaf for key, leaf in recorded.items()):
            return
        if self.links.findings.has(Code.LINK_EDITED, place) and _is_rooted(found, link.root):
            return
        count = Counter(pair[:KEY_BYTES] for pair in found)
        for pair in found:
            key, leaf = pair[:KEY_BYTES], pair[KEY_BYTES:]
            if key not in recorded or count[key] > 1:
                self.extra.append((place, key))
            elif leaf != recorded[key]:
                self.edited.append(Edited(place, key, recorded[key], leaf))
        self.missing += [(place, key) for key in recorded if key not in count]

    async def _judge_edited(self, evidence: Evidence) -> None:
        """Two that exchanged a field, or all of them, are called swapped."""
        few = self.edited[:SWAPS_LOOKED_FOR]
        rows = await evidence.entries_by_ids([_name(each.key) for each in few if not each.key.startswith(ACTION)])
        by_key = {_entry_key(row["id"]): flat_entry(row) for row in rows}
        swapped: dict[Edited, Edited] = {}
        for one, other in combinations(few, 2):
            if _are_swapped(one, other, by_key):
                swapped |= {one: other, other: one}
        for each in self.edited:
            partner = swapped.get(each)
            if partner is None:
                self._add("EDITED", each.place, each.key, "It is not what its link recorded.")
            else:
                kind = "RECORDS" if each.key.startswith(ACTION) else "ENTRIES"
                why = f"It was swapped with {partner.place}/{_name(partner.key)}, wholly or in part."
                self.links.findings.add(Code(f"{kind}_SWAPPED"), f"{each.place}/{_name(each.key)}", why)

    def _add(self, what: str, place: str, key: bytes, why: str) -> None:
        kind = "RECORD" if key.startswith(ACTION) else "ENTRY"
        self.links.findings.add(Code(f"{kind}_{what}"), f"{place}/{_name(key)}", why)


def _batched(ids: list[str], size: int) -> Iterator[list[str]]:
    """The ids in lists of at most a size."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _are_swapped(one: Edited, other: Edited, rows: dict[bytes, Row]) -> bool:
    """Whether each becomes what was recorded when it gets a field, or everything but its id, from the other."""
    if one.found == other.recorded and other.found == one.recorded:
        return True
    mine, theirs = rows.get(one.key), rows.get(other.key)
    if mine is None or theirs is None:
        return False
    own = ENTRY_FIELDS[1:]
    return any(
        entry_row_leaf(mine | {name: theirs[name] for name in names}) == one.recorded
        and entry_row_leaf(theirs | {name: mine[name] for name in names}) == other.recorded
        for names in (own, *([name] for name in own))
    )


def _entry_key(entry_id: str) -> bytes:
    """The key of an entry; an id that is no hash has one that no link has."""
    try:
        key = bytes.fromhex(entry_id)
    except ValueError:
        key = b""
    return key if len(key) == KEY_BYTES and key.hex() == entry_id else entry_id.encode()[:KEY_BYTES].ljust(KEY_BYTES)


def _name(key: bytes) -> str:
    """How a record is called within its link."""
    return str(int.from_bytes(key, "big")) if key.startswith(ACTION) else key.hex()


def _is_rooted(found: Sequence[bytes], root: str) -> bool:
    """Whether the records found, in the order of links, are those of a root: actions come after entries."""
    inked = sorted(found, key=lambda pair: (pair.startswith(ACTION), pair))
    return merkle_root([pair[KEY_BYTES:] for pair in inked]).hex() == root
