"""The scripts of the SDK's own that pages load: the banner, and what marks what a page sends."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from understudy.sdk.visit import Answer, Visit, problem

_FOLDER = Path(__file__).parent / "static"
_FRESH_SECONDS = 3600


@cache
def script_file(name: str) -> bytes | None:
    """The built script ``name``; None where it was not built.

    Without it the banner is plain, or pages only read, as nothing that they send is marked.
    """
    file = _FOLDER / name
    return file.read_bytes() if file.is_file() else None


def script_answer(name: str, visit: Visit) -> Answer:
    """A script to whoever asks. It is the same for all, and asked for again once an hour."""
    script = script_file(name)
    if script is None:
        detail = "This script was not built."
        return problem(HTTPStatus.NOT_FOUND, "not_found", detail)
    tag = f'"{sha256(script).hexdigest()[:32]}"'
    headers = (("cache-control", f"public, max-age={_FRESH_SECONDS}"), ("etag", tag))
    if visit.header("if-none-match") == tag:
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    kind = ("content-type", "text/javascript; charset=utf-8")
    return Answer(headers=(*headers, kind), body=script)
