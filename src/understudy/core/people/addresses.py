"""Which mailboxes somebody reads in a text, however they are written: for comparing people.

An id, a name or an address that an application gives is shown to people, who take
`Mara <MARA@support.example.>` for Mara. Stored and looked up is what ``core.text.fold_email`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from understudy.core.people.principals import Actor, Subject
from understudy.core.text import as_seen

_ADDRESS = re.compile(r"([^\s@<>()\[\],;:]+)@([\w.-]+)")
_COMMENT = re.compile(r"\([^()]*\)")
_AROUND_AT = re.compile(r"\s*@\s*")
# What may stand in a local part, and as well before an address in a text.
_BEFORE = re.compile(r"[/=!'`*{}|~&#?$%^]")
_DOTS = str.maketrans({"\u3002": "."})
_ENCODED = "xn--"


@lru_cache(maxsize=8192)
def addresses_in(text: str | None) -> frozenset[str]:
    """Every address in ``text``, in the one spelling under which two of one mailbox are equal.

    Its domain is in Unicode, without a dot behind it.
    """
    if text is None or ("@" not in text and text.isascii()):
        return frozenset()
    plain = _AROUND_AT.sub("@", as_seen(text).translate(_DOTS).replace('"', "").replace("\\", ""))
    readings = {plain, _COMMENT.sub("", plain)}
    return frozenset(found for reading in readings for found in _found(reading))


def spellings(address: str) -> tuple[str, ...]:
    """How an address of ``addresses_in`` may be stored: its domain in Unicode, or encoded."""
    local, domain = address.rsplit("@", maxsplit=1)
    encoded = ".".join(_encoded(label) for label in domain.split("."))
    return tuple(dict.fromkeys((address, f"{local}@{encoded}")))


def addresses_of_actor(actor: Actor) -> frozenset[str]:
    """Every mailbox by which somebody may know ``actor``, wherever it was put."""
    return addresses_in(actor.id) | addresses_in(actor.email) | addresses_in(actor.name)


def addresses_of_subject(subject: Subject) -> frozenset[str]:
    """The mailboxes of ``subject``: many apps know their users by address."""
    return addresses_in(subject.id) | addresses_in(subject.email)


def _found(text: str) -> Iterator[str]:
    for local, domain in _ADDRESS.findall(text):
        host = ".".join(_decoded(label) for label in domain.strip(".").casefold().split("."))
        for part in {local, _BEFORE.split(local)[-1]}:
            if part and host:
                yield f"{part.casefold()}@{host}"


def _decoded(label: str) -> str:
    if not label.startswith(_ENCODED):
        return label
    try:
        return as_seen(label.removeprefix(_ENCODED).encode("ascii").decode("punycode")).casefold()
    except (UnicodeError, ValueError):
        return label


def _encoded(label: str) -> str:
    return label if label.isascii() else _ENCODED + label.encode("punycode").decode("ascii")
