"""The SDK's two cookies, read from raw headers and written with their full armour.

``__Host-`` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2).
"""

from __future__ import annotations

import re

from understudy.errors import MalformedRequest

OVERLAY = "__Host-understudy"
LAUNCH = "__Host-understudy-launch"
OVERLAY_MARK = b"__Host-understudy="
"""Without these bytes a Cookie header holds no overlay: the guard looks no further."""
TOMBSTONE_SECONDS = 3600
"""For so long after the end the cookie stays. A browser that dropped it at the end would send the
next form from an open page as the agent, instead of hearing that the session is over."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,512}")


class DuplicateCookie(MalformedRequest):
    """One name twice: two layers might each take another one for the real one."""


def read_cookie(header: bytes, name: str) -> str | None:
    """The value of the only cookie ``name`` in a Cookie header; None when there is none.

    :raises DuplicateCookie: there are several.
    """
    wanted = name.encode()
    times = header.count(wanted)
    if times == 0:
        return None
    before, mark, rest = header.partition(wanted + b"=")
    # Our other cookies begin with the same name.
    if times > 1:
        times -= header.count(wanted + b"-") + header.count(wanted + b".")
    if times == 1 and mark and (not before or before.endswith(b"; ")):
        # There once, and spelled as browsers do: the pairs need not be looked at one by one.
        return rest.partition(b";")[0].strip().decode("latin-1")
    found: bytes | None = None
    for pair in header.split(b";"):
        key, separator, value = pair.partition(b"=")
        if separator and key.strip() == wanted:
            if found is not None:
                raise DuplicateCookie(name)
            found = value.strip()
    return None if found is None else found.decode("latin-1")


def is_token(value: str) -> bool:
    """True for what a token of ours may look like; nothing else is ever sent to the service."""
    return _TOKEN.fullmatch(value) is not None


def set_cookie(name: str, value: str, *, max_age: int) -> str:
    """The value of a Set-Cookie header; ``max_age`` in seconds."""
    return f"{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax"


def clear_cookie(name: str) -> str:
    """The value of a Set-Cookie header that removes ``name``; other cookies stay."""
    return set_cookie(name, "", max_age=0)
