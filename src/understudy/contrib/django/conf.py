"""``settings.UNDERSTUDY``, read once: the one installation of this process."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from understudy.contrib.django.users import load_user, user_id
from understudy.errors import SetupError
from understudy.sdk.effects.side_effects import SideEffects
from understudy.sdk.installed import Installed, Options
from understudy.sdk.passage.identity import Identity, UserId
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject

LoadUser = Callable[[Subject], object]
_Called = Callable[[Any], object]
SETTING = "UNDERSTUDY"
_REMOTE = {
    "PUBLIC_URL": "public_url",
    "REDIRECT_URL": "redirect_url",
    "SESSION_ORIGINS": "session_origins",
    "READ_ONLY": "read_only",
    "STATE_DIR": "state_dir",
}
_NEEDED = ("URL", "APPLICATION_ID", "SECRET")
_EMBEDDED = "EMBEDDED"
_DATABASES = "READ_ONLY_DATABASES"
_EFFECTS = "SIDE_EFFECTS"
_EMAIL_BACKEND = "EMAIL_BACKEND"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
_OF_BOTH = ("REDIRECT_URL", "SESSION_ORIGINS", "READ_ONLY")
"""What a link within the process is told as well as one to a service."""
_OPTIONS = {name.upper(): name for name in sorted(Options.__optional_keys__)}
_STARTING = {
    "staff": "understudy.contrib.django.staff.staff",
    "may_start": "understudy.contrib.django.staff.may_start",
    "home_of": None,
}
"""The app's own callables for starts, and what stands for them where it gives none."""
KEYS = frozenset(
    {
        *_NEEDED,
        *_REMOTE,
        *_OPTIONS,
        SETTING,
        _EMBEDDED,
        _DATABASES,
        _EFFECTS,
        _EMAIL_BACKEND,
        "LOAD_USER",
        "USER_ID",
        "MAY_IMPERSONATE",
    }
)
"""All that may stand in ``settings.UNDERSTUDY``."""
_ALSO = frozenset(
    {"SESSION_COOKIE_NAME", "AUTH_USER_MODEL", "AUTHENTICATION_BACKENDS", "MESSAGE_STORAGE"}
)


class Setup(NamedTuple):
    """What the middleware goes by. ``is_ours`` where the link was made here, of the settings."""

    installed: Installed
    load_user: LoadUser
    is_ours: bool
    user_id: UserId
    options: Options
    read_only_databases: tuple[str, ...] = ()
    side_effects: SideEffects = SideEffects()
    email_backend: str = SMTP

    @property
    def below(self) -> str | None:
        """What stands behind the wildcard of session origins, if there are any."""
        below = self.installed.below
        return below.decode() if below is not None else None

    @property
    def dashboard(self) -> str:
        """The path of an embedded dashboard in the site; empty where it has none."""
        embedding = self.installed.understudy.embedding
        return embedding.path if embedding is not None else ""


_setups: list[Setup] = []


def installed() -> Installed:
    """The one ``Installed`` of this process.

    :raises SetupError: the settings are missing or malformed.
    """
    return setup().installed


def setup() -> Setup:
    """What the settings come to; made at the first use, and anew when a test changes them.

    :raises SetupError: the settings are missing or malformed.
    """
    if not _setups:
        _setups.append(read(getattr(settings, SETTING, None)))
    return _setups[0]


def read(given: object) -> Setup:
    """The setup by ``given``, as it stands in the settings.

    :raises SetupError: something is missing, unknown or malformed.
    """
    if not isinstance(given, Mapping):
        raise SetupError(f"settings.{SETTING} is missing: a dict with {', '.join(_NEEDED)}.")
    for name in given:
        if name not in KEYS:
            known = ", ".join(sorted(KEYS))
            raise SetupError(f"There is no {name!r} in settings.{SETTING}; there are {known}.")
    loads = _called(given, "LOAD_USER", load_user)
    identify = _called(given, "USER_ID", user_id)
    identity = Identity(identify, loads=True)
    options = {_OPTIONS[name]: value for name, value in given.items() if name in _OPTIONS}
    options["own_cookies"] = (*own_cookies(), *options.get("own_cookies", ()))
    options.update(_starting(options))
    options["consent_of"] = _object(options.get("consent_of"))
    understudy, is_ours = _understudy(given)
    settled = cast(Options, options)
    installed = Installed(understudy, identity, settled)
    return Setup(
        installed,
        loads,
        is_ours,
        identify,
        settled,
        _databases(given.get(_DATABASES)),
        SideEffects(_policies(given.get(_EFFECTS))),
        str(given.get(_EMAIL_BACKEND, SMTP)),
    )


def _policies(given: object) -> Mapping[str, str] | None:
    if given is None or isinstance(given, Mapping):
        return given
    raise SetupError(f"{_EFFECTS} in settings.{SETTING} is a dict, from a kind to what is done.")


def _databases(given: object) -> tuple[str, ...]:
    """Those that are held in sessions which may only read; True stands for all of them."""
    if not given:
        return ()
    if given is True:
        return tuple(settings.DATABASES)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise SetupError(f"{_DATABASES} in settings.{SETTING} is True, or a list of aliases.")
    return tuple(map(str, given))


def _starting(options: Mapping[str, Any]) -> Mapping[str, object]:
    found = {name: _object(options.get(name, given)) for name, given in _STARTING.items()}
    if found["staff"] is None:
        # Nobody starts from within the app, and so nobody has to be asked whether they may.
        return {name: options.get(name) for name in _STARTING}
    return found


def declared_reads() -> Iterable[str]:
    """What the settings declare to change nothing, without the link that they ask for."""
    given = getattr(settings, SETTING, None)
    found: Iterable[str] = given.get("READS", ()) if isinstance(given, Mapping) else ()
    return found


def own_cookies() -> tuple[str, ...]:
    """The cookies by which Django itself knows its users, and keeps what it has to tell them.

    The CSRF cookie is none of them: its secret belongs to the browser, and says nothing of anybody.
    """
    return (settings.SESSION_COOKIE_NAME, "messages")


def _understudy(given: Mapping[str, Any]) -> tuple[Understudy, bool]:
    if SETTING in given:
        beside = sorted(set(given) & {*_NEEDED, *_REMOTE, _EMBEDDED})
        if beside:
            raise SetupError(f"{SETTING} is the link itself: {', '.join(beside)} say it twice.")
        found = _object(given[SETTING])
        found = found() if not isinstance(found, Understudy) and callable(found) else found
        if not isinstance(found, Understudy):
            raise SetupError(f"{SETTING} in settings.{SETTING} must be an Understudy, or give one.")
        return found, False
    if _EMBEDDED in given:
        return _embedded(given), True
    missing = [name for name in _NEEDED if not given.get(name)]
    if missing:
        raise SetupError(f"settings.{SETTING} lacks {', '.join(missing)}.")
    more = _told(given, _REMOTE)
    url, application_id, secret = (str(given[name]) for name in _NEEDED)
    return Understudy.remote(url, application_id, secret, **more), True


def _embedded(given: Mapping[str, Any]) -> Understudy:
    """A link within this very process."""
    beside = sorted(set(given) & {*_NEEDED, *_REMOTE} - set(_OF_BOTH))
    if beside:
        raise SetupError(f"{', '.join(beside)} belong to a link to a service, beside {_EMBEDDED}.")
    # It brings queries of users, which nobody else needs.
    from understudy.contrib.django.embedding import embedded

    finds_users = not {"LOAD_USER", "USER_ID"} & set(given)
    told = _told(given, _OF_BOTH)
    return embedded(given[_EMBEDDED], told, find=_object, finds_users=finds_users)


def _told(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    more = {_REMOTE[name]: given[name] for name in names if name in given}
    if "read_only" in more:
        more["read_only"] = _object(more["read_only"])
    return more


def _called(
    given: Mapping[str, Any], name: str, default: Callable[[Any], object]
) -> Callable[[Any], object]:
    found = _object(given.get(name, default))
    if not callable(found) or inspect.iscoroutinefunction(found):
        raise SetupError(f"{name} in settings.{SETTING} must be a function, and not async.")
    return found


def _object(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return import_string(given)
    except ImportError as error:
        raise SetupError(f"settings.{SETTING} names {given!r}: {error}.") from None


def _forget(*, setting: str, **_: object) -> None:
    if setting == SETTING or setting in _ALSO:
        while _setups:
            old = _setups.pop()
            if old.is_ours:
                old.installed.understudy.close()


setting_changed.connect(_forget, dispatch_uid="understudy.contrib.django.conf")
