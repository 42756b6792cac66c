"""Fields by their names, however these are spelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from understudy.core.redaction.rules import Deed

_SPELLING = re.compile(r"[ _-]+")
_WITHIN = re.compile(r"[.\[\]/:$@]")
_REMEMBERED = 4096

# None of these stands for what a page needs in order to work, such as a CSRF token or a cursor.
SECRET_NAMES = (
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "authtoken",
    "backupcodes",
    "bearertoken",
    "clientsecret",
    "encryptionkey",
    "hashedpassword",
    "idtoken",
    "oauthtoken",
    "otpsecret",
    "passphrase",
    "passwd",
    "password",
    "passwordhash",
    "personalaccesstoken",
    "privatekey",
    "recoverycodes",
    "refreshtoken",
    "secret",
    "secretaccesskey",
    "secretkey",
    "signingkey",
    "signingsecret",
    "totpsecret",
    "webhooksecret",
)


@lru_cache(maxsize=_REMEMBERED)
def normalised(name: str) -> str:
    """``name`` without case, blanks, ``_`` and ``-``, by which spellings of one name differ."""
    return _SPELLING.sub("", name).casefold()


class FieldNames:
    """Which deed a field's name calls for. ``deed(name)`` is None where there is none.
    ``wanted`` are the names that call for one, normalised.

    Exact names are one look-up; those with ``*`` are asked one after another, once for each name.
    """

    __slots__ = ("_exact", "_patterns", "deed", "wanted")

    def __init__(self, deeds: Mapping[str, Deed]) -> None:
        found = {normalised(name): deed for name, deed in deeds.items()}
        self._exact = {name: deed for name, deed in found.items() if "*" not in name}
        self._patterns = [
            (re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL), deed)
            for name, deed in found.items()
            if "*" in name
        ]
        self.wanted = frozenset(found)
        # Names come from the app's answers, which may be any: the memory is bounded.
        self.deed = lru_cache(maxsize=_REMEMBERED)(self._deed)

    def __bool__(self) -> bool:
        return bool(self._exact or self._patterns)

    def _deed(self, name: str) -> Deed | None:
        # As a whole first, then as a field of others: user.email, user[email], /users/0/email.
        last = next((part for part in reversed(_WITHIN.split(name)) if part), "")
        return self._known(normalised(name)) or self._known(normalised(last))

    def _known(self, plain: str) -> Deed | None:
        deed = self._exact.get(plain)
        if deed is not None:
            return deed
        return next((deed for pattern, deed in self._patterns if pattern.fullmatch(plain)), None)
