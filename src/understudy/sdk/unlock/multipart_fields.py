"""The parts of a form with files as fields: texts as they are, files as what tells one from
another.

Read as strictly as browsers write (RFC 7578). Readers of such bodies go apart over what is beside
that: parameters that come twice or in two spellings, bare line feeds, headers beyond these two.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from understudy.sdk.unlock.unbound import Unbound

_UTF_8 = r'(?:[ \t]*;[ \t]*charset=(?:"utf-8"|utf-8))?'
_BOUNDARY = re.compile(
    rf'multipart/form-data{_UTF_8}[ \t]*;[ \t]*boundary=("?)([\w.+\'-]{{1,70}})\1{_UTF_8}[ \t]*',
    re.ASCII | re.IGNORECASE,
)
_DISPOSITION = re.compile(
    r'form-data; *name="(?P<name>[^"\\]*)"(?:; *filename="(?P<file>[^"\\]*)")?',
    re.ASCII | re.IGNORECASE,
)
_TEXT = re.compile(rf"text/plain{_UTF_8}", re.ASCII | re.IGNORECASE)
_HEADERS = {"content-disposition", "content-type"}
_END = b"\r\n"
_FEWEST = 2
"""What marks part: one part, and the end."""


def fields_of_multipart(
    content_type: str, body: bytes
) -> tuple[list[tuple[str, str]], Sequence[str]]:
    """(name, value) for each part, in the order of the body; and which of them are files.

    The value of a file is its name, its type and the SHA-256 of what is in it.

    :raises Unbound: it is no such form, or a part is not to be read in one way.
    """
    fields, files = [], set()
    for head, raw in _parts(content_type, body):
        told = _headers(head)
        found = _DISPOSITION.fullmatch(told.get("content-disposition", ""))
        if found is None:
            raise Unbound
        name, file, kind = found["name"], found["file"], told.get("content-type")
        if file is not None:
            files.add(f"file={quote(name, safe='')}")
            fields.append((name, _file(file, kind or "text/plain", raw)))
        elif kind is None or _TEXT.fullmatch(kind):
            fields.append((name, _decoded(raw)))
        else:
            raise Unbound
    return fields, sorted(files)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands before the first empty line of each part, and what behind it."""
    found = _BOUNDARY.fullmatch(content_type)
    if found is None:
        raise Unbound
    mark = b"--" + found[2].encode("ascii")
    before, *parts = (_END + body).split(_END + mark)
    # One more, anywhere, is a part to readers to whom a line feed is the end of a line.
    if before or len(parts) < _FEWEST or body.count(mark) != len(parts):
        raise Unbound
    if parts.pop() not in (b"--", b"--" + _END):
        raise Unbound
    for part in parts:
        head, gap, raw = part.partition(_END + _END)
        if not gap or not head.startswith(_END):
            raise Unbound
        yield head[len(_END) :], raw


def _headers(head: bytes) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in _decoded(head).split("\r\n"):
        name, colon, value = line.partition(":")
        name = name.lower()
        # Neither twice, nor another one, nor one that goes on in the next line.
        if not colon or name not in _HEADERS - told.keys() or not value.isprintable():
            raise Unbound
        told[name] = value.strip()
    return told


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unbound from None


def _file(name: str, kind: str, raw: bytes) -> str:
    told = {"file": name, "type": kind, "sha256": hashlib.sha256(raw).hexdigest()}
    return json.dumps(told, ensure_ascii=False)
