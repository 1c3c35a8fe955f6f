"""Relay connections over keyset pages."""

from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar

import strawberry

from api.paging import Sealed
from api.types.fields import seen

T = TypeVar("T")
R = TypeVar("R")
P = TypeVar("P", bound=tuple[int | str, ...])


@strawberry.type(description="Where a page lies among the others.")
class PageInfo:
    """Relay's four fields."""

    has_next_page: bool = seen(description="Whether rows follow the last one of this page.")
    has_previous_page: bool = seen(description="Whether rows come before the first one of this page.")
    start_cursor: str | None = seen(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = seen(description="The cursor of the last row; null on an empty page.")


def page_info(cursors: Sequence[str], after: str | None, *, more: bool) -> PageInfo:
    """What is known of a page that shows these cursors."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


@strawberry.type(description="One row of a page.")
class Edge(Generic[T]):
    """A node and its place."""

    node: T = seen(description="The object itself.")
    cursor: str = seen(description="Its place in the order: pass it as `after` to go on from here.")


@strawberry.type(description="One page in a fixed total order.")
class Connection(Generic[T]):
    """Edges, the same objects as plain nodes, and where the page lies."""

    edges: list[Edge[T]] = seen(description="The rows, each with its cursor.")
    nodes: list[T] = seen(description="The rows without cursors: a shortcut for `edges { node }`.")
    page_info: PageInfo = seen(description="Where this page lies.")

    @classmethod
    def of(
        cls, rows: Sequence[R], first: int, after: str | None, order: Sealed[P], row: Callable[[R], tuple[T, P]]
    ) -> Self:
        """The page of the first rows; one row more than asked for says that there is a next page.

        `row` gives the object and the place of a row.
        """
        shown = [row(found) for found in rows[:first]]
        edges = [Edge(node=node, cursor=order.cursor(place)) for node, place in shown]
        info = page_info([edge.cursor for edge in edges], after, more=len(rows) > first)
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=info)
