"""The parts of a form with files as fields: texts as they are, files as what tells one from
another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from understudy.sdk.unlock.unbound import Unbound

if TYPE_CHECKING:
    from email.message import MIMEPart

_HEAD = b"Content-Type: %s\r\n\r\n"


def fields_of_multipart(
    content_type: str, body: bytes
) -> tuple[list[tuple[str, str]], Sequence[str]]:
    """(name, value) for each part, in the order of the body; and which of them are files.

    The value of a file is its name, its type and the SHA-256 of what is in it.

    :raises Unbound: it is no such form, or a part is not to be read in one way.
    """
    fields, files = [], set()
    for part in _parts(content_type, body):
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str) or part.get("content-transfer-encoding") is not None:
            raise Unbound
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes):
            raise Unbound
        if part.get_filename() is None:
            fields.append((name, _decoded(raw)))
        else:
            files.add(f"file={quote(name, safe='')}")
            fields.append((name, _file(part, raw)))
    return fields, sorted(files)


def _parts(content_type: str, body: bytes) -> list[MIMEPart]:
    # Late, as it brings the mail package with it, which nearly no request needs.
    from email.parser import BytesParser
    from email.policy import HTTP

    try:
        head = _HEAD % content_type.encode("latin-1")
    except UnicodeEncodeError:
        raise Unbound from None
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if message.defects or not message.is_multipart():
        raise Unbound
    parts = list(message.iter_parts())
    if any(part.defects or part.is_multipart() for part in parts):
        raise Unbound
    return parts


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unbound from None


def _file(part: MIMEPart, raw: bytes) -> str:
    told = {
        "file": part.get_filename(),
        "type": part.get_content_type(),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    return json.dumps(told, ensure_ascii=False)
