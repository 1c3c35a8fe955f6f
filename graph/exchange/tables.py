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


def read_rows(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    """The rows of a file with their line numbers, the header being line 1; a missing cell is an empty text.

    Raises InvalidInput when the file is not there, not readable as its format, or lacks a required column.
    """
    try:
        yield from (_read_parquet if file.suffix == ".parquet" else _read_csv)(file, required)
    except OSError as fault:
        raise InvalidInput("file", f"{file} cannot be read: {fault.strerror or fault}.", code="BAD_FILE") from fault
    except csv.Error as fault:
        raise InvalidInput("file", f"{file} is not a CSV file: {fault}.", code="BAD_FILE") from fault


def count_rows(file: Path) -> int:
    """About how many rows a file has, for progress bars."""
    if file.suffix == ".parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415  pyarrow is large: only loaded for the files that need it

        return int(pq.read_metadata(file).num_rows)
    with file.open("rb") as stream:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) - 1)


def _read_csv(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(stream)
        header = [name.strip() for name in next(reader, [])]
        _refuse_missing_columns(file, header, required)
        for cells in reader:
            if cells:
                yield reader.line_num, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))


def _read_parquet(file: Path, required: Sequence[str]) -> Iterator[tuple[int, RawRow]]:
    import pyarrow as pa  # noqa: PLC0415  as above
    import pyarrow.parquet as pq  # noqa: PLC0415  as above

    try:
        source = pq.ParquetFile(file)
    except pa.ArrowInvalid as fault:
        raise InvalidInput("file", f"{file} is not a Parquet file.", code="BAD_FILE") from fault
    _refuse_missing_columns(file, source.schema_arrow.names, required)
    line = 1
    for batch in source.iter_batches(batch_size=10_000):
        for row in batch.to_pylist():
            line += 1
            yield line, {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:  # noqa: ANN401  whatever type a Parquet column has
    if value is None:
        return ""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _refuse_missing_columns(file: Path, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise InvalidInput("file", f"{file} lacks the column(s) {', '.join(missing)}.", code="MISSING_COLUMN")


@contextmanager
def write_rows(file: Path, columns: Mapping[str, type], form: str) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Gives a function that appends rows. The file appears under its name only when all is written.

    `columns` maps names to int or str; `form` is csv or parquet.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        with (_csv_writer if form == "csv" else _parquet_writer)(part, columns) as append:
            yield append
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _csv_writer(part: Path, columns: Mapping[str, type]) -> Iterator[Callable[[Sequence[Any]], None]]:
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        yield writer.writerows


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
