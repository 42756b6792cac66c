"""The text of a file, whichever of the usual encodings it is in."""

from __future__ import annotations

import codecs

from understudy.errors import InvalidInput

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(raw: bytes) -> str:
    """The text of UTF-8, with or without a byte order mark, or of UTF-16 with one.

    :raises InvalidInput: it is neither; names the line.
    """
    if raw.startswith(_UTF_16):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            line = raw[: error.start].decode("utf-16", "replace").count("\n") + 1
            raise InvalidInput(f"The file begins as UTF-16 and is not: see line {line}.") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            f"The file is not UTF-8: see line {line}. Spreadsheets write it as “CSV UTF-8”."
        ) from error
