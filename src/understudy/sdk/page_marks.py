"""The mark of a page: whose page it is from which a request comes.

It travels in the query, since forms, beacons and sockets carry nothing else, and is taken out
before the app, the recorder and any log sees it. It is a public id and no secret: it gives nobody
any power, it only takes some away.
"""

from __future__ import annotations

from collections.abc import Iterable

NAME = "_understudy_page"
OWN = "own"
"""Whose pages are the browser's own, where no session is laid over."""
WRONG = ""
"""A mark that names nobody, as two that differ do; no page's identity is like it."""
HEADER = b"understudy-page"
"""Carries the mark where a script can add to no address any more."""
MARK = NAME.encode()
"""Without these bytes a query has no mark: each request of the app pays for that one look."""


def split_query(query: bytes) -> tuple[bytes, str | None]:
    """A query without its mark, its other bytes as they were; and the mark, None without one."""
    if query.find(MARK) < 0:
        return query, None
    kept: list[bytes] = []
    marks: list[bytes] = []
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name == MARK:
            marks.append(value)
        else:
            kept.append(pair)
    return b"&".join(kept), one_of(marks)


def split_address(address: bytes) -> tuple[bytes, str | None]:
    """The same for a whole address, such as a Referer, or a path with its query."""
    if address.find(MARK) < 0:
        return address, None
    path, separator, query = address.partition(b"?")
    kept, mark = split_query(query)
    return (path + separator + kept if kept else path), mark


def one_of(marks: Iterable[bytes]) -> str | None:
    """What several carriers say together: nothing, one thing, or something wrong."""
    different = set(marks)
    if not different:
        return None
    return different.pop().decode("latin-1") if len(different) == 1 else WRONG


def marked(address: str, identity: str) -> str:
    """``address``, which has no mark and no fragment, as the page of ``identity`` asks for it."""
    return f"{address}{'&' if '?' in address else '?'}{NAME}={identity}"
