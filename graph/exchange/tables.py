"""Reads CSV and Parquet files as rows of text; writes rows in either format."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graph.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

RawRow = dict[str, str]
MAX_FIELD = 2**31 - 1
"""One unclosed quote makes the rest of a file one field: that row is to be rejected, not the import."""


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would calculate."""

SURPLUS = ""
"""The name under which a row keeps the cells that its header has no column for."""


def read_rows(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    """The rows of a file with their line numbers, the header being line 1; a missing cell is an empty text.

    Raises InvalidInput when the file is not there, not readable as its format, or lacks a required column.
    """
    with _named_faults(file):
        yield from (_read_parquet if file.suffix == ".parquet" else _read_csv)(file, required)


def count_rows(file: Path) -> int:
    """About how many rows a file has, for progress bars."""
    with _named_faults(file):
        if file.suffix == ".parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415  pyarrow is large: only loaded for the files that need it

            return int(pq.read_metadata(file).num_rows)
        with file.open("rb") as stream:
            return max(0, sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) - 1)


@contextmanager
def _named_faults(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise InvalidInput("file", f"{file} cannot be read: {fault.strerror or fault}.", code="BAD_FILE") from fault
    except csv.Error as fault:
        raise InvalidInput("file", f"{file} is not a CSV file: {fault}.", code="BAD_FILE") from fault
    except ValueError as fault:  # what pyarrow raises
        raise InvalidInput("file", f"{file} is not a Parquet file: {fault}.", code="BAD_FILE") from fault


def _read_csv(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    csv.field_size_limit(MAX_FIELD)
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(stream)
        header = [name.strip() for name in next(reader, [])]
        _refuse_header(file, header, required)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
                if len(cells) > len(header):
                    row[SURPLUS] = ",".join(cells[len(header) :])
                yield line, row
            line = reader.line_num + 1


def _read_parquet(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    import pyarrow.parquet as pq  # noqa: PLC0415  as above

    source = pq.ParquetFile(file)
    _refuse_header(file, source.schema_arrow.names, required)
    line = 1
    for batch in source.iter_batches(batch_size=10_000):
        for row in batch.to_pylist():
            line += 1
            yield line, {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:  # noqa: ANN401  whatever type a Parquet column has
    if value is None:
        return ""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _refuse_header(file: Path, header: Sequence[str], required: Sequence[str]) -> None:
    if len(set(header)) < len(header):
        raise InvalidInput("file", f"{file} names a column twice.", code="BAD_FILE")
    missing = [name for name in required if name not in header]
    if missing:
        raise InvalidInput("file", f"{file} lacks the column(s) {', '.join(missing)}.", code="MISSING_COLUMN")


@contextmanager
def write_rows(file: Path, columns: Mapping[str, type], form: str) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Gives a function that appends rows. The file appears under its name only when all is written.

    `columns` maps names to int or str; `form` is csv or parquet. In CSV, texts that could be formulas are made inert.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        with (_csv_writer if form == "csv" else _parquet_writer)(part, columns) as append:
            yield append
        part.replace(file)
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(file)) from fault
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _csv_writer(part: Path, columns: Mapping[str, type]) -> Iterator[Callable[[Sequence[Any]], None]]:
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        texts = [place for place, kind in enumerate(columns.values()) if kind is str]

        def append(rows: Sequence[Any]) -> None:
            for row in rows:
                cells = list(row)
                for place in texts:
                    cells[place] = inert(cells[place])
                writer.writerow(cells)

        yield append


def inert(text: str | None) -> str | None:
    """A cell that a spreadsheet shows as it is: an apostrophe stands before whatever could be a formula."""
    return f"'{text}" if text and text.startswith(FORMULA_STARTS) else text


@contextmanager
def _parquet_writer(part: Path, columns: Mapping[str, type]) -> Iterator[Callable[[Sequence[Any]], None]]:
    import pyarrow as pa  # noqa: PLC0415  as above
    import pyarrow.parquet as pq  # noqa: PLC0415  as above

    kinds: dict[type, pa.DataType] = {int: pa.int64(), str: pa.string()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
    with pq.ParquetWriter(part, schema) as writer:

        def append(rows: Sequence[Any]) -> None:
            arrays = [
                pa.array(list(column), field.type)
                for column, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield append
