"""How commands speak: one line or one JSON object on success, one sentence with its remedy on failure."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from graph.errors import InvalidInput, PlanInvalid, ThreefoldError, Unavailable
from graph.languages import Language
from graph.redaction import redact_logs
from graph.settings import Settings
from graph.store.migrations import assert_migrated
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from graph.wiring import Services

T = TypeVar("T")

OK, FAILED, USAGE, DEPENDENCY_DOWN = 0, 1, 2, 3

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]

Lang = Annotated[
    Language | None, typer.Option(help="The language of the explanation.", show_default="from LANG, or en")
]

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def language_of_the_user() -> Language:
    """What the environment's LANG asks for."""
    return Language.ZH_CN if os.environ.get("LANG", "").lower().startswith("zh") else Language.EN


def read_settings() -> Settings:
    """The settings of the environment; raises InvalidInput naming a variable that cannot be read."""
    try:
        return Settings()
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "THREEFOLD_" + "_".join(map(str, first["loc"])).upper()
        raise InvalidInput(name, f"{name}: {first['msg']}.", code="BAD_SETTING") from None


def with_services(work: Callable[[Services], Awaitable[T]], *, migrated: bool = True) -> T:
    """Runs work over the services that the settings lead to; refuses a database that is not migrated."""

    async def run() -> T:
        async with open_services(read_settings()) as services:
            if migrated:
                await assert_migrated(services.database)
            return await work(services)

    return asyncio.run(run())


def say(text: str, payload: dict[str, Any], *, as_json: bool) -> None:
    """Prints a result in the form that was asked for."""
    if as_json:
        sys.stdout.write(orjson.dumps(payload, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def named_failures() -> Iterator[None]:
    """Turns what went wrong into one sentence and an exit code."""
    redact_logs()
    logging.getLogger("neo4j").setLevel(logging.ERROR)  # the driver reports each try; we report the outcome
    try:
        yield
    except ThreefoldError as error:
        _fail(error.code, error.message, error.remedy, getattr(error, "reasons", ()))
        sys.exit(_exit_code(error))
    except OSError as fault:
        _fail("SYSTEM", f"{fault.strerror or fault}{f': {fault.filename}' if fault.filename else ''}.", "")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


def _exit_code(error: ThreefoldError) -> int:
    if isinstance(error, Unavailable):
        return DEPENDENCY_DOWN
    return USAGE if isinstance(error, InvalidInput | PlanInvalid) else FAILED


def _fail(code: str, message: str, remedy: str, reasons: tuple[str, ...] = ()) -> None:
    if "--json" in sys.argv:
        error = {"code": code, "message": message, "remedy": remedy} | ({"reasons": reasons} if reasons else {})
        say("", {"error": error}, as_json=True)
    else:
        errors.print(f"{message} {remedy}".strip(), markup=False)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Gives a function (what, done, total) that draws a bar on a terminal, and nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=max(total, done))

        yield report
