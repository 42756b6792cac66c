"""What verbs print: facts as a table or as one line of JSON, errors as a sentence with a way on."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from understudy.errors import UnderstudyError

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]

out = Console(highlight=False, soft_wrap=True)
# Whatever reads a pipe wants whole lines; a person's terminal folds what is too long for it.
_pipe = Console(highlight=False, width=10_000)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_facts(facts: Mapping[str, object], *, as_json: bool) -> None:
    """One thing: names and values."""
    if as_json:
        print_json(facts)
        return
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        label = name.replace("_", " ")
        out.print(f"[dim]{label:<{width}}[/dim]  ", end="")
        out.print(one_line(value), markup=False)


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool, nothing: str) -> None:
    """Many things: a table, or a JSON array; ``nothing`` is said when there are none."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        err.print(nothing)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(value)) for value in row.values()))
    (out if out.is_terminal else _pipe).print(table)


def print_json(value: object) -> None:
    """One line of JSON, for scripts."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def one_line(value: object) -> str:
    """A fact as text that fills one line and commands no terminal (ASVS 16.4.1).

    Names come from apps, reasons from people: either may hold line ends, escape sequences, or marks
    that turn the text around.
    """
    if value is None:
        return "-"
    return "".join(_escaped(char) if _commands(char) else char for char in str(value))


def fail(message: str, *, code: int = 1) -> NoReturn:
    """Say what went wrong and what to do, and leave."""
    err.print("[bold red]error:[/bold red] ", end="")
    err.print("\n".join(map(one_line, message.splitlines())), markup=False)
    raise typer.Exit(code)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Errors of ours become one sentence; no stack trace for what the reader can mend."""
    try:
        yield
    except UnderstudyError as error:
        notes = f" ({error.internal})" if error.internal else ""
        fail(f"{error.detail}{notes} [{error.code}]")


def _commands(char: str) -> bool:
    category = unicodedata.category(char)
    return category.startswith("C") or category in ("Zl", "Zp")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()
