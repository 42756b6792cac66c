"""Where the app's own database is, in the words that the app has for it already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from understudy.errors import SetupError

_POSTGRESQL = ("postgresql", "postgres")
_ENGINES = ("django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis")
_SQLITE = "django.db.backends.sqlite3"
_CONNECTING = frozenset(
    {
        *("host", "hostaddr", "port", "service", "passfile", "channel_binding"),
        *("sslmode", "sslrootcert", "sslcert", "sslkey"),
    }
)
"""What Django's ``OPTIONS`` say of the way to the server, and not of its own connections to it."""


def store_url(database: str | Mapping[str, Any] | None) -> str | None:
    """The PostgreSQL address in ``database``: an URL, with SQLAlchemy's driver or without, or an
    entry of Django's ``DATABASES``. None where the tables go into a SQLite file of their own.

    The address may hold a password and is never repeated.

    :raises SetupError: it is another kind of database, whose tables ours cannot stand beside.
    """
    if database is None:
        return None
    if isinstance(database, Mapping):
        return _of_django(database)
    scheme, found, rest = str(database).partition("://")
    kind, _, _ = scheme.partition("+")
    if not found or kind not in _POSTGRESQL:
        raise SetupError(
            "Understudy's tables go into PostgreSQL (postgresql://…), or into a SQLite file of "
            "their own: leave database out for that."
        )
    return f"postgresql://{rest}"


def _of_django(entry: Mapping[str, Any]) -> str | None:
    engine = entry.get("ENGINE")
    if engine == _SQLITE:
        # Beside the app's file: two programs that wait for one file's lock wait for each other.
        return None
    if engine not in _ENGINES:
        raise SetupError(
            f"Understudy's tables go into PostgreSQL, or into a SQLite file of their own, and not "
            f"into {engine}: leave the database out for that."
        )
    options = entry.get("OPTIONS") or {}
    more = {name: str(options[name]) for name in sorted(_CONNECTING & set(options))}
    # As parameters: hosts may be folders of sockets, and several, separated by commas.
    for ours, theirs in (("host", "HOST"), ("port", "PORT")):
        if entry.get(theirs):
            more[ours] = str(entry[theirs])
    user = str(entry.get("USER") or options.get("user") or "")
    password = str(entry.get("PASSWORD") or options.get("password") or "")
    who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    name = quote(str(entry.get("NAME") or ""), safe="")
    return f"postgresql://{who}{'@' if who else ''}/{name}" + (
        f"?{urlencode(more, quote_via=quote)}" if more else ""
    )
