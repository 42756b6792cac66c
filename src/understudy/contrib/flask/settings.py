"""What stands in an app's configuration, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from flask import Flask

from understudy.contrib.flask.tokens import token_cookies
from understudy.errors import SetupError
from understudy.sdk.installed import Options
from understudy.sdk.leaving import AfterEnd
from understudy.sdk.understudy import Understudy

PREFIX = "UNDERSTUDY_"
_NEEDED = ("url", "application_id", "secret")
_LINK = frozenset({*_NEEDED, "public_url", "redirect_url", "session_origins", "state_dir"})
_LINK_OBJECTS = frozenset({"read_only"})
_EMBEDDED = f"{PREFIX}EMBEDDED"
_LISTS = frozenset(
    {
        "hand_offs",
        "unrecorded",
        "own_cookies",
        "script_cookies",
        "bearer_paths",
        "unmarked_ok",
        "writes_by_get",
        "reads",
    }
)
_REMEMBER = "remember_token"  # what Flask-Login calls it where nobody has said otherwise


class Settings(NamedTuple):
    """What ``Understudy.remote`` is given, or ``Understudy.embedded`` in its place, and the options
    of the middleware.
    """

    remote: Mapping[str, Any]
    options: Options
    embedded: Mapping[str, Any] | None = None

    def link(self) -> Understudy:
        """The link to the service, or to one within this process.

        :raises SetupError: something that it needs is missing or malformed.
        """
        if self.embedded is not None:
            return self._embedded(self.embedded)
        missing = [PREFIX + name.upper() for name in _NEEDED if not self.remote.get(name)]
        if missing:
            raise SetupError(f"The app's config lacks {', '.join(missing)}.")
        return Understudy.remote(**self.remote)

    def _embedded(self, given: Mapping[str, Any]) -> Understudy:
        if self.remote:
            beside = ", ".join(PREFIX + name.upper() for name in sorted(self.remote))
            raise SetupError(f"{beside} belong to a link to a service, beside {_EMBEDDED}.")
        try:
            return Understudy.embedded(**given)
        except TypeError as error:
            raise SetupError(f"{_EMBEDDED} is a dict for Understudy.embedded: {error}.") from None

    def __repr__(self) -> str:
        # The secret is among the rest.
        return f"Settings(options={self.options!r})"


def read_settings(app: Flask, given: Options) -> Settings:
    """The settings of ``app``; what was ``given`` in code goes before its config.

    :raises SetupError: one is unknown or malformed.
    """
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in app.config.items()
        if name.startswith(PREFIX) and value is not None
    }
    remote = {name: found.pop(name) for name in _LINK | _LINK_OBJECTS if name in found}
    embedded = found.pop("embedded", None)
    unknown = [name for name in found if name not in Options.__optional_keys__]
    if unknown:
        names = ", ".join(PREFIX + name.upper() for name in sorted(unknown))
        raise SetupError(f"The app's config has {names}, which Understudy does not know.")
    options: dict[str, Any] = {"own_cookies": _own_cookies(app), **found, **given}
    for name in _LISTS & options.keys():
        options[name] = _listed(name, options[name])
    if "after_end" in options:
        options["after_end"] = _after_end(options["after_end"])
    return Settings(remote, cast("Options", options), embedded)


def _own_cookies(app: Flask) -> tuple[str, ...]:
    """Those by which the app knows its users."""
    session = app.config["SESSION_COOKIE_NAME"]
    remember = app.config.get("REMEMBER_COOKIE_NAME", _REMEMBER)
    return (session, remember, *token_cookies(app.config))


def _listed(name: str, value: object) -> tuple[str, ...]:
    # One text would pass for a list of its letters.
    if isinstance(value, Iterable) and not isinstance(value, str):
        texts = tuple(value)
        if all(isinstance(text, str) for text in texts):
            return texts
    raise SetupError(f"{PREFIX}{name.upper()} is a list of texts.")


def _after_end(value: str) -> AfterEnd:
    try:
        return AfterEnd(value)
    except ValueError:
        known = " or ".join(repr(kind.value) for kind in AfterEnd)
        raise SetupError(f"{PREFIX}AFTER_END is {known}.") from None
