"""Documents that mean to be dear, and an ordinary one to compare with."""

from __future__ import annotations

import random

MOST = 64_000
ORDINARY = """
query Dashboard($id: String!) {
  member(memberId: $id) {
    memberId name depth joinedAt
    referrer { memberId name }
    team { size direct volume { formatted } levels { level members } }
    balance { currency pending { formatted } available { formatted } }
    rewards(first: 20) {
      edges { cursor node { id rule state amount { formatted } } } pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def _fill(part: str, around: str = "{%s}") -> str:
    return around % (part * ((MOST - len(around)) // len(part)))


def chain(links: int, spreads: int = 2) -> str:
    """Fragments, each of which spreads the next so many times."""
    parts = [f"fragment f{n} on Member {{ {f'...f{n + 1} ' * spreads} }}" for n in range(links)]
    return '{ member(memberId: "ada") { ...f0 } } ' + " ".join(parts) + f" fragment f{links} on Member {{ id }}"


def nested(part: str, depth: int, core: str = "id") -> str:
    return "{" + part * depth + core + "}" * (depth * part.count("{") + 1)


DOCUMENTS = {
    "ordinary": ORDINARY,
    "fragment chain, 28": chain(28),
    "fragment chain, 60": chain(60),
    "fragment chain, 900 spreads": chain(28, 30),
    "fragment cycle": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "unknown fragment": "{ ...nobody }",
    "same field 300 times": "{" + "plans { id } " * 145 + "}",
    "same field, in fragments": "{"
    + " ".join(f"...f{n}" for n in range(28))
    + "}"
    + " ".join(f"fragment f{n} on Query {{ {'plans { id } ' * 5} nope }}" for n in range(28)),
    "same field, in unused fragments": "{ plans { id } }"
    + " ".join(f"fragment f{n} on Query {{ {'plans { id } ' * 6} }}" for n in range(28)),
    "60 repeats, and an unknown one": "{" + "plans { id } " * 44 + "nope }",
    "same field, 64 KB": _fill("a "),
    "same scalar 290 times": "{ plans {" + "id " * 290 + "} }",
    "same scalar, other arguments": "{" + " ".join(f'member(memberId: "{n}") {{ id }}' for n in range(95)) + "}",
    "aliases": "{" + " ".join(f"a{n}: __typename" for n in range(330)) + "}",
    "15 aliases of one page": "{"
    + " ".join(f"a{n}: members(first: 100) {{ nodes {{ id }} }}" for n in range(15))
    + "}",
    "unknown fields": "{" + " ".join(f"memberss{n}" for n in range(290)) + "}",
    "unknown fields, many lines": "{" + "\n" * 1900 + " ".join(f"memberss{n}" for n in range(290)) + "\n" * 50 + "}",
    "unknown arguments": "{ members(" + " ".join(f"firs{n}: 1" for n in range(240)) + ") { nodes { id } } }",
    "unknown types": "{ plans { id } }" + " ".join(f"fragment f{n} on Membe{n} {{ id }}" for n in range(30)),
    "directives": "{ __typename " + "@include(if: true) " * 140 + "}",
    "unknown directives": "{ __typename " + "@nope " * 400 + "}",
    "variables": "query (" + " ".join(f"$v{n}: Int" for n in range(200)) + ") { __typename }",
    "nested, 300": nested("referrer{", 300),
    "nested inline fragments": nested("...{", 300, "__typename"),
    "nested lists in a value": "{ member(memberId: " + "[" * 450 + "]" * 450 + ") { id } }",
    "nested pages": nested("members(first:1000){nodes{downline(first:1000){nodes{", 1),
    "introspection, deep": "{ __schema { types { fields {" + "type { fields { " * 10 + "name" + "} }" * 10 + "} } } }",
    "comments": _fill("#\n"),
    "commas": _fill(","),
    "empty lines": _fill("\n"),
    "one name": "{" + "a" * MOST + "}",
    "one string": '{ member(memberId: "' + "x" * MOST + '") { id } }',
    "one string of escapes": '{ member(memberId: "' + "\\u0041" * (MOST // 7) + '") { id } }',
    "one block string": '{ member(memberId: """' + "\n a" * (MOST // 3) + '""") { id } }',
    "one number": "{ members(first: " + "9" * MOST + ") { nodes { id } } }",
    "one float": "{ members(first: 1." + "9" * MOST + ") { nodes { id } } }",
    "names of 60 letters": "{" + " ".join("m" + "e" * 50 + str(n) for n in range(290)) + "}",
    "chinese": '{ member(memberId: "' + "会" * (MOST // 3) + '") { id } }',
    "brackets": "{" * 500,
    "operations": " ".join(f"query q{n} {{ __typename }}" for n in range(180)),
    "overlapping fragments": "{ "
    + " ".join(f"...f{n}" for n in range(29))
    + " } "
    + " ".join(f"fragment f{n} on Query {{ members(first: {n + 1}) {{ nodes {{ id }} }} }}" for n in range(29)),
    "overlapping, two levels": "{ "
    + " ".join(f"...f{n}" for n in range(29))
    + " } "
    + " ".join(
        f"fragment f{n} on Query {{ " + " ".join('member(memberId: "a") { name }' for _ in range(2)) + " }"
        for n in range(29)
    ),
}


def generated(count: int) -> dict[str, str]:
    """Random documents of the same bricks, always the same ones."""
    chosen = random.Random(5)  # noqa: S311
    bricks = [
        'member(memberId: "a") {',
        "members(first: 100) {",
        "nodes {",
        "edges {",
        "node {",
        "...f1 ",
        "...f2 ",
        "... on Member {",
        "a: id ",
        "id ",
        "@skip(if: true) ",
        "downline(first: 9) {",
        "nope ",
        "__typename ",
    ]
    found = {}
    for number in range(count):
        parts = []
        for _ in range(chosen.randint(1, 4)):
            text = "".join(chosen.choice(bricks) for _ in range(chosen.randint(5, 120)))
            parts.append(text + "id " + "}" * text.count("{"))
        first, *rest = parts
        fragments = "".join(f" fragment f{n} on Member {{ {part} }}" for n, part in enumerate(rest, start=1))
        found[f"generated {number}"] = "{ " + first + " }" + fragments
    return found
