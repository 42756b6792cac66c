"""What stands around the guard in ``settings.MIDDLEWARE``, and what must not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from understudy.errors import SetupError

GUARD = "understudy.contrib.django.middleware.UnderstudyMiddleware"
FIRST = "Put understudy.contrib.django.UnderstudyMiddleware first in MIDDLEWARE."
SIGNS_IN = "django.contrib.auth.middleware.RemoteUserMiddleware"
KEEPS_PAGES = (
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.CacheMiddleware",
)
READS_WHO_ASKS = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_otp.middleware.OTPMiddleware",
)
HARMLESS = ("django.middleware.security.SecurityMiddleware",)
"""What looks at the address alone."""


class Order(NamedTuple):
    """``guards`` is how often the guard is there, ``before`` what stands before the first."""

    guards: int
    before: tuple[str, ...]
    others: tuple[str, ...]

    def before_of(self, kinds: Iterable[str]) -> list[str]:
        """What stands before the guard, and is one of ``kinds``."""
        return [path for path in self.before if _is_any(path, kinds)]

    def signing_in(self) -> list[str]:
        """What signs people in by the server's word, over whatever is laid over a request."""
        return [path for path in self.others if _is_any(path, (SIGNS_IN,))]


def order() -> Order:
    """The order by the settings."""
    paths = tuple(settings.MIDDLEWARE)
    places = [place for place, path in enumerate(paths) if _is_any(path, (GUARD,))]
    first = places[0] if places else 0
    others = tuple(path for place, path in enumerate(paths) if place not in places)
    return Order(len(places), paths[:first], others)


def require_safe_order() -> None:
    """Do not begin where a session would be served as the agent, or kept for everybody.

    :raises SetupError: something stands before the guard that must not, or signs people in anew.
    """
    found = order()
    wrong = found.before_of((*READS_WHO_ASKS, *KEEPS_PAGES))
    if wrong:
        raise SetupError(f"{wrong[0]} stands before the guard. {FIRST}")
    signing_in = found.signing_in()
    if signing_in:
        raise SetupError(f"{signing_in[0]} would sign the agent in over the session: take it out.")


def _is_any(path: str, kinds: Iterable[str]) -> bool:
    found, bases = import_string(path), {kind: _known(kind) for kind in kinds}
    if not isinstance(found, type):
        return path in bases
    return any(isinstance(base, type) and issubclass(found, base) for base in bases.values())


def _known(path: str) -> object:
    try:
        return import_string(path)
    except ImportError:
        return None  # it is not installed, so that nothing derives from it
