"""Writes docs/reference from the code that it describes.

`python -m scripts.reference` writes the pages; with `--check` it changes nothing and exits 1 when
one of them is not what it would write.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import pairwise
from pathlib import Path
from typing import Protocol, cast

import typer

from scripts.generated import ROOT, write
from scripts.reference_words import PERMISSIONS, ROLES
from understudy import config, errors
from understudy.cli.commands import app
from understudy.config import PREFIX, Settings
from understudy.core.ids import GrantId, SessionId
from understudy.core.impersonation.sessions import ENDED_CAUSES, EXPIRY_CAUSES, EndCause
from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.events import Action, Event, EventType, Party, PartyKind
from understudy.core.notices.kinds import EventKind, Kinds
from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role
from understudy.core.rules.chain import RULES, Chain
from understudy.core.rules.subject import SUBJECT_UNAVAILABLE
from understudy.errors import UnderstudyError
from understudy.sdk.wording import cause_text

FOLDER = ROOT / "docs/reference"
_COMMAND = "python -m scripts.reference"
_WIDTH = 96
_NOTE = f"<!-- Written by `{_COMMAND}`; change the code that it describes. -->"


class _Context(Protocol):
    """As much of a command's context as its help needs."""

    command_path: str


class _Command(Protocol):
    """A command or a group of them; Typer has these classes under a private name."""

    def make_context(
        self, info_name: str, args: list[str], parent: _Context | None, **extra: object
    ) -> _Context:
        """The context to print help in."""
        ...

    def get_help(self, context: _Context) -> str:
        """The help as `--help` prints it."""
        ...

    def list_commands(self, context: _Context) -> Sequence[str]:
        """The names of a group's commands, in their order."""
        ...


def pages() -> dict[str, str]:
    """Every page of the reference, by its file name."""
    return {
        "cli.md": _page("Command line", _commands()),
        "configuration.md": _page("Configuration", _settings()),
        "errors.md": _page("Errors and refusals", _errors()),
        "events.md": _page("Events", _events()),
        "permissions.md": _page("Roles and permissions", _permissions()),
    }


def files() -> dict[Path, str]:
    """Every page, by where it is written."""
    return {FOLDER / name: text for name, text in pages().items()}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` only look at them."""
    return write(files(), arguments, command=_COMMAND)


def _page(title: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", _NOTE, *parts]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- the command line ---


def _commands() -> Iterator[str]:
    yield (
        "Exit status: 0 when it worked, 1 when it did not (the reason is on standard error), 2 for "
        "a mistake in the command itself. `--json` prints facts as one line of JSON."
    )
    yield from _helps(_plain_command(), "understudy", None)


def _plain_command() -> _Command:
    """The command line with help as plain text: frames are for terminals."""
    mode, app.rich_markup_mode = app.rich_markup_mode, None
    try:
        return cast(_Command, typer.main.get_command(app))
    finally:
        app.rich_markup_mode = mode


def _helps(command: _Command, name: str, parent: _Context | None) -> Iterator[str]:
    context = command.make_context(
        name, [], parent, resilient_parsing=True, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    nested: Mapping[str, _Command] = getattr(command, "commands", {})
    if parent is None or not nested:
        yield f"## {context.command_path}"
        yield f"```text\n{command.get_help(context).rstrip()}\n```"
    names = command.list_commands(context) if nested else ()
    for child in names:
        yield from _helps(nested[child], child, context)


# --- settings ---


def _settings() -> Iterator[str]:
    yield (
        f"Every setting is an environment variable. A name that begins with `{PREFIX}` and is none "
        "of these is refused, so that a misspelled one is not passed over. Options of the command "
        "line go before the environment."
    )
    words = _field_words()
    rows = [
        (f"`{PREFIX}{one.name.upper()}`", words[one.name], _setting_default(one.default))
        for one in fields(Settings)
        if not one.name.startswith("_") and one.metadata.get("environment", True)
    ]
    yield _table(("variable", "meaning", "default"), rows)


def _field_words() -> dict[str, str]:
    """The sentence below each field of `Settings`."""
    tree = ast.parse(inspect.getsource(config))
    classes = {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}
    words = {}
    for field, sentence in pairwise(classes[Settings.__name__]):
        if isinstance(field, ast.AnnAssign) and isinstance(sentence, ast.Expr):
            text = str(ast.literal_eval(sentence.value))
            words[ast.unparse(field.target)] = " ".join(text.split())
    return words


def _setting_default(value: object) -> str:
    return "" if value in (MISSING, None, "", ()) else f"`{value}`"


# --- errors ---


def _errors() -> Iterator[str]:
    yield (
        "The API answers errors as RFC 9457 problems. `code` is stable: match on it. `detail` is "
        "for people and may change. In Python they are classes of `understudy.errors`."
    )
    found = sorted(_codes(UnderstudyError), key=lambda one: (one.status, one.code))
    rows = [
        (f"`{one.code}`", str(int(one.status)), f"`{one.__name__}`", _summary(one)) for one in found
    ]
    yield _table(("code", "status", "class", "meaning"), rows)
    yield "## Refusals"
    yield (
        "A problem with the code `refused` carries `rule`: which rule said no. So do entries of "
        "the types `grant.denied`, `token.refused` and `token.replayed`. Rules of a request are "
        "asked in this order, and the first that refuses decides. Those named `token_…` are for "
        "the log: whoever presents a token is told one and the same. Rules marked ◦ look like "
        f"`{SUBJECT_UNAVAILABLE.code}` to operators who may not read the directory."
    )
    yield refusals(RULES)


def _codes(error: type[UnderstudyError]) -> Iterator[type[UnderstudyError]]:
    yield error
    for narrower in error.__subclasses__():
        if narrower.__module__ == errors.__name__:
            yield from _codes(narrower)


def _summary(thing: type) -> str:
    text = inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0]
    return text.replace("\n", " ").replace("``", "`")


def refusals(chain: Chain) -> str:
    """The table of every rule, in the order in which they are asked."""
    rows = (
        (
            f"`{rule.code}`{' ◦' if rule.concealed else ''}",
            rule.text,
            f"`{rule.lifted_by}`",
            rule.lift,
            f"`{rule.end_cause}`" if rule.end_cause else "",
        )
        for rule in chain.all
    )
    return _table(("rule", "meaning", "lifted by", "what can be done", "ends a session as"), rows)


# --- events ---


def _events() -> Iterator[str]:
    yield (
        "What the log keeps. Types are frozen once released, and there will be more of them: an "
        "entry that a newer node wrote is shown, exported and verified under its type. Look at "
        "those with ⚠ the same day."
    )
    yield event_kinds(KINDS)
    yield "## What an entry holds"
    yield (
        "Two halves, the same for every type. The core has our own random ids, outcomes and "
        "numbers, and stays. The personal half has whatever can name somebody, and can be erased "
        "while the log verifies."
    )
    yield _table(("core", "personal"), _side_by_side(*_halves()))
    kinds = ", ".join(f"`{kind.value}`" for kind in PartyKind)
    yield (
        f"`actor_kind` says who vouches for the actor: {kinds}. What is about a session or a grant "
        "has that one's own actor there, whoever did it; `doer_…` is who did, and absent when the "
        "actor did. What time or a rule ended has `system` as its doer. Address and user agent are "
        "the doer's. `outcome` is `ok`, `denied` or `failed`."
    )
    yield "## Why a session is over"
    yield "In `details.cause` of the three types that end a session, and in the API's `end_cause`."
    yield _table(("cause", "type", "what the actor reads"), _causes())


def event_kinds(known: Kinds) -> str:
    """The table of every kind of entry."""
    rows = (
        (f"`{kind.type}`{' ⚠' if kind.alert else ''}", kind.title, kind.when, _heard(kind))
        for kind in known.all
    )
    return _table(("type", "title", "when", "webhooks"), rows)


def _heard(kind: EventKind) -> str:
    if not kind.subscribable:
        return ""
    return "usual" if kind.usual else "may choose it"


def _halves() -> tuple[list[str], list[str]]:
    person = Party(kind=PartyKind.OPERATOR, ref="x", id="x", email="x", name="x")
    whole = Event(
        type=EventType.ACTION_COMPLETED,
        application_id="x",
        actor=person,
        doer=person,
        subject=person,
        organization=person,
        grant_id=GrantId("x"),
        session_id=SessionId("x"),
        rule="x",
        reason="x",
        ticket="x",
        address="x",
        user_agent="x",
        action=Action(id="x", method="x", route="x", path="x", status=1, duration_ms=1),
        details={"x": 1},
    )
    return list(whole.core_payload()), list(whole.personal_payload())


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[str, str]]:
    for index in range(max(len(left), len(right))):
        yield (
            f"`{left[index]}`" if index < len(left) else "",
            f"`{right[index]}`" if index < len(right) else "",
        )


def _causes() -> Iterator[tuple[str, str, str]]:
    for cause in EndCause:
        ended = EventType.SESSION_ENDED if cause in ENDED_CAUSES else EventType.SESSION_REVOKED
        kind = EventType.SESSION_EXPIRED if cause in EXPIRY_CAUSES else ended
        yield f"`{cause.value}`", f"`{kind.value}`", cause_text(cause)


# --- permissions ---


def _permissions() -> Iterator[str]:
    yield (
        "An operator may hold several roles and has the permissions of all of them. The admin role "
        "does not include impersonation: see "
        "[decision 1](../decisions/0001-admins-do-not-impersonate.md)."
    )
    yield _table(("role", "who that is"), ((f"`{role.value}`", ROLES[role]) for role in Role))
    yield _table(("permission", "to", *(role.value for role in Role)), map(_holders, Permission))
    yield (
        "An application that signs in with its own secret has no role. It reaches its directory, "
        "its impersonations, its sessions and its own entries; never settings or operators. "
        "Erasing a person from the log takes access to the data itself: `understudy audit erase`."
    )


def _holders(one: Permission) -> Sequence[str]:
    marks = ("✓" if one in ROLE_PERMISSIONS[role] else "" for role in Role)
    return (f"`{one.value}`", PERMISSIONS[one], *marks)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
