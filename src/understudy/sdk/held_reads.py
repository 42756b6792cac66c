"""What adapters of databases go by: whether the present request may only read, and what it did."""

from __future__ import annotations

import re

from understudy.core.impersonation.restrictions import Scope
from understudy.errors import WriteBlocked
from understudy.sdk.context import Present, RefusedWrite, present_request
from understudy.sdk.statement_words import statements_in, text_of, without_comments

_NAME = r"""(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$]+)"""
_WRITTEN = re.compile(
    rf"""\b(?:insert\s+(?:or\s+\w+\s+|ignore\s+)?into|replace\s+into|merge\s+into|update(?:\s+only)?
    |delete\s+from(?:\s+only)?|truncate(?:\s+table)?|lock\s+tables?|copy
    |(?:create|alter|drop)\s+(?:\w+\s+)*?table(?:\s+if\s+(?:not\s+)?exists)?)
    \s+(?P<table>{_NAME}(?:\.{_NAME})*)""",
    re.IGNORECASE | re.VERBOSE,
)
# Of what locks rows: it names them as what only reads does.
_READ = re.compile(rf"\bfrom\s+(?P<table>{_NAME}(?:\.{_NAME})*)", re.IGNORECASE)
_ENDING = frozenset({"commit", "end", "abort", "begin", "start"})
_TO_SAVEPOINT = re.compile(r"\s+(?:(?:work|transaction)\s+)?to\b")
# What is put together elsewhere, and so never seen here.
_HIDING = frozenset({"prepare", "execute"})
_WIDER = re.compile(r"\bread write\b|_read_only\b")
_SEARCHED = 4_096
"""Characters of a statement in which its table is looked for."""


def reading_only() -> Present | None:
    """The present request of a session that may only read; None where more is allowed.

    Also once it is over: what it has left running was asked for by an actor, and may not write
    either. Does not count as asking whom the app serves.
    """
    present = present_request()
    if present is None or present.impersonation is None or present.unlocked:
        return None
    return present if present.impersonation.scope is Scope.READ_ONLY else None


def refuse_write(present: Present, table: str | None) -> WriteBlocked:
    """Take note of a write that a database has refused; what is to be raised in its place.

    The guard answers 403 whatever the app makes of the error.
    """
    present.write = present.write or RefusedWrite(WriteBlocked.code, table)
    return WriteBlocked()


def table_in(statement: object) -> str | None:
    """The table that ``statement`` is about, as it names it without quotes; None if unknown."""
    text = (text_of(statement) or "")[:_SEARCHED]
    found = _WRITTEN.search(text) or _READ.search(text)
    return re.sub(r'["`\[\]]', "", found["table"]) if found is not None else None


def ends_transaction(statement: object) -> bool:
    """Whether ``statement`` ends a transaction, or begins one, past what holds it to reading."""
    text = text_of(statement)
    return text is None or any(_ends(word, rest) for word, rest in statements_in(text))


def asks_to_write(statement: object) -> bool:
    """Whether ``statement`` sets a database's session, or a transaction, to writing, or may do so
    by what cannot be seen in it.
    """
    text = text_of(statement)
    return text is None or any(_widens(word, rest) for word, rest in statements_in(text))


def _ends(word: str, rest: str) -> bool:
    if word == "rollback":
        return _TO_SAVEPOINT.match(rest) is None
    return word in _ENDING or (word == "prepare" and "transaction" in rest)


def _widens(word: str, rest: str) -> bool:
    if word in ("set", "start"):
        return _WIDER.search(rest) is not None or _WIDER.search(without_comments(rest)) is not None
    return word in _HIDING or (word == "begin" and without_comments(rest).startswith(" not atomic"))
