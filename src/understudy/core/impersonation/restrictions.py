"""What a session may not do: its scope, and the actions that are blocked while it lasts.

A request is judged by every method it may be taken for and by every *spelling* of its path: letter
case, percent-encoding (twice over), doubled slashes, dot segments, trailing slashes, path
parameters, backslashes and control characters. Layers in front of a view disagree about these: one
resolves ``..``, the next takes it for a name. So no single normal form is safe, and a request is
blocked when any of its spellings is (peers: PostHog's missing trailing slash). Routers that answer
``/tokens.json`` by the view of ``/tokens`` are taken at their word, and a method that nobody has
heard of is held to what is blocked for any that changes something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import unquote

from understudy.core.impersonation.patterns import matcher, sieve
from understudy.core.redaction.lifted import Shown
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OVERRIDE_HEADERS = ("x-http-method-override", "x-http-method", "x-method-override", "x-method")
"""Headers by which frameworks let a request be of another method than it was sent with."""
OVERRIDE_FIELDS = ("_method", "_httpmethod", "$httpmethod", *OVERRIDE_HEADERS)
"""Fields of a query or a form that do the same, in lower case."""
OVERRIDDEN_BY_FORMS = ("PUT", "PATCH", "DELETE")
"""What a form that is posted may turn out to be, once somebody reads it."""
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
"""What a method may turn out to be that is none of these, and not safe either."""
ANY_METHOD = "*"
Methods = tuple[str, ...] | frozenset[str]
"""What a request may be taken for."""
_DECODINGS = 3
_REMEMBERED = 256
# Nothing in such a path can be read in two ways, except for the case of its letters.
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)+/?")
# Bottle, for one, leaves out what is no UTF-8, where others put U+FFFD.
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\ufffd]")
# Behind which routers give one view several forms: REST framework's DefaultRouter does by itself.
_FORMAT = re.compile(r"(?<=[^/])\.(?:api|csv|html?|json|pdf|txt|xlsx?|xml|ya?ml)\Z")


class Scope(StrEnum):
    """How far a session reaches."""

    FULL = "full"
    READ_ONLY = "read_only"


@dataclass(frozen=True, kw_only=True)
class BlockedAction:
    """A method and a route pattern that answer 403 in every session.

    ``pattern`` is a path in which ``{name}`` stands for one segment, ``{name:path}`` for one or
    more, and ``/**`` for any rest, including none. ``method`` is upper case or ``*``. ``label``
    tells people what it is.
    """

    method: str
    pattern: str
    label: str
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Restrictions:
    """What one session is held to; travels to the guard with the session.

    With ``unlocks`` somebody else may allow a single change in it, once. ``reveals`` are shown for
    a while, whatever ``redaction`` says of them.
    """

    scope: Scope
    blocked_actions: tuple[BlockedAction, ...] = ()
    redaction: Redaction = NOTHING_HIDDEN
    unlocks: bool = False
    reveals: tuple[Shown, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """A request that may not go on. ``code`` is stable; ``label`` names what was blocked."""

    code: str
    label: str


class Rulebook:
    """Blocked actions, compiled once to be asked for each request of a session.

    ``blocked(methods, paths)`` is the first rule that covers one of ``methods`` on one of the
    spellings of one of ``paths``. It is remembered: rules never change, and paths come again.
    With ``exactly`` nothing is taken for more than it says: for rules that open instead of block.
    """

    __slots__ = ("_any", "_by_method", "_exactly", "_sieve", "_sieved", "blocked")

    def __init__(self, actions: Iterable[BlockedAction], *, exactly: bool = False) -> None:
        self._exactly = exactly
        self.blocked = lru_cache(maxsize=_REMEMBERED)(self._first_match)
        rules = [(action.method.upper(), matcher(action.pattern), action) for action in actions]
        patterns = tuple(dict.fromkeys(action.pattern for _, _, action in rules))
        self._sieve, self._sieved = sieve(patterns)
        methods = {method for method, _, _ in rules} - {ANY_METHOD}
        if "GET" in methods:
            methods.add("HEAD")  # frameworks answer HEAD with their GET view
        self._any = [rule[1:] for rule in rules if rule[0] == ANY_METHOD]
        self._by_method = {
            method: [rule[1:] for rule in rules if _covers(rule[0], method)] for method in methods
        }

    def _first_match(self, methods: Methods, paths: tuple[str, ...]) -> Blocked | None:
        # In one order, so that a refusal of several methods names the same action every time.
        taken_for = methods if self._exactly else _taken_for(methods)
        for path, method in product(paths, sorted(taken_for)):
            rules = self._by_method.get(method, self._any)
            spelled = self._read(path) if rules else ()
            sieved = not any(map(self._sieve, spelled))
            for matches, action in rules:
                if sieved and action.pattern in self._sieved:
                    continue
                if any(map(matches, spelled)):
                    return Blocked(code="action_blocked", label=action.label)
        return None

    def _read(self, path: str) -> Collection[str]:
        spelled = spellings(path)
        if self._exactly or ("." not in path and "%" not in path):
            return spelled
        return {*spelled, *(_FORMAT.sub("", one) for one in spelled)}


def _taken_for(methods: Methods) -> Collection[str]:
    unheard = set(methods).difference(SAFE_METHODS, CHANGING)
    return {*methods, *CHANGING} if unheard else methods


@lru_cache(maxsize=64)
def rulebook(actions: tuple[BlockedAction, ...]) -> Rulebook:
    """The rulebook of ``actions``: one for all sessions of an application, and its verdicts too."""
    return Rulebook(actions)


def judge(
    restrictions: Restrictions, *, method: str, path: str, overrides: Iterable[str] = ()
) -> Blocked | None:
    """Why this request may not go on in this session, or None when it may."""
    methods = effective_methods(method, overrides)
    return rulebook(restrictions.blocked_actions).blocked(methods, (path,)) or judge_scope(
        restrictions.scope, methods
    )


def judge_scope(scope: Scope, methods: Iterable[str]) -> Blocked | None:
    """Why ``scope`` forbids a request that may be taken for any of ``methods``, or None."""
    if scope is Scope.READ_ONLY and not SAFE_METHODS.issuperset(methods):
        return Blocked(code="read_only", label="changes")
    return None


def effective_methods(method: str, overrides: Iterable[str]) -> frozenset[str]:
    """Every method that some layer may take the request for: its own and any override's."""
    return frozenset({name.strip().upper() for name in (method, *overrides)} - {""})


def normalise_path(path: str) -> str:
    """The spelling of ``path`` after every habit of every layer; starts with ``/``."""
    for habit in _HABITS:
        path = habit(path)
    return _tidy(path)


def spellings(path: str) -> Collection[str]:
    """Every path, in lower case and without needless slashes, that a layer may read in ``path``."""
    if _PLAIN.fullmatch(path):
        return (path.casefold().rstrip("/"),)
    found = {path}
    for habit in _HABITS:
        found |= {habit(spelling) for spelling in found}
    return frozenset(map(_tidy, found))


def opens(patterns: Iterable[str], paths: Iterable[str]) -> bool:
    """True when ``patterns`` cover every spelling of each of ``paths``.

    The opposite of a block: what is opened must be so however a layer reads its path.
    """
    matchers = [matcher(pattern) for pattern in patterns]
    read = {spelling for path in paths for spelling in spellings(path)}
    return bool(read) and all(any(one(path) for one in matchers) for path in read)


def _cut_parameters(path: str) -> str:
    return "/".join(segment.partition(";")[0] for segment in path.split("/"))


def _resolve_dots(path: str) -> str:
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments)


def _tidy(path: str) -> str:
    return "/" + "/".join(filter(None, path.casefold().split("/")))


# In the order in which layers apply them: decoding first, since it brings the others' marks out.
_HABITS: tuple[Callable[[str], str], ...] = (
    *[unquote] * _DECODINGS,
    lambda path: path.partition("\x00")[0],
    lambda path: _CONTROL.sub("", path),
    lambda path: path.replace("\\", "/"),
    _cut_parameters,
    _resolve_dots,
)


def _covers(rule_method: str, method: str) -> bool:
    return rule_method in (ANY_METHOD, method) or (rule_method == "GET" and method == "HEAD")
