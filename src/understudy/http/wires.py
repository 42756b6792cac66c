"""What the protocols of a node bring along, by the names under which it is stored.

A name that is stored and not known here was written by a node that knows more: a token of such a
kind is refused, a message in such a format waits, a launch by such a hand-off does not begin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.applications.wire_settings import AllWireSettings
from understudy.core.impersonation.token_kinds import NATIVE, TokenKind, TokenKinds
from understudy.core.ports import Entry
from understudy.errors import Conflict
from understudy.flows.notices.messages import MessageFormats, Outgoing
from understudy.keys.session_keys import JwtSigner

_HAND_OFF_UNKNOWN = "This node does not know the hand-off that this application is set to."


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """How a launched grant reaches the application's browser session.

    ``kind`` is that of the tokens which the application takes unbound. ``address`` puts one into
    the application's redirect URL; None where the app comes for a code by itself.
    """

    name: str
    kind: TokenKind
    address: Callable[[Application, str, str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A session that is over, as an application's ``logout_url`` is to hear of it.

    ``signer`` answers the application's key for a use, made when it is first needed.
    """

    application: Application
    entry: Entry
    issuer: str
    now: datetime
    signer: Callable[[str], JwtSigner]


@dataclass(frozen=True, kw_only=True)
class Wires:
    """All that the protocols bring, taken together.

    ``public_facts`` are what an admin copies into the app's pages; none of it is secret.
    """

    token_kinds: TokenKinds = field(default_factory=dict)
    key_uses: tuple[str, ...] = ()
    hand_offs: Mapping[str, HandOff] = field(default_factory=dict)
    formats: MessageFormats = field(default_factory=dict)
    settings: AllWireSettings = field(default_factory=dict)
    public_facts: tuple[Callable[[Application], Mapping[str, str]], ...] = ()
    logout: Callable[[Ended], Outgoing | None] | None = None

    def hand_off_of(self, application: Application) -> HandOff:
        """How launches reach the application.

        :raises Conflict: no wire here knows its hand-off.
        """
        found = self.hand_offs.get(application.settings.hand_off)
        if found is None:
            raise Conflict(_HAND_OFF_UNKNOWN)
        return found

    def kind_taken_by(self, application: Application | None) -> TokenKind:
        """The kind of the tokens that the application takes unbound.

        :raises Conflict: no wire here knows its hand-off.
        """
        return NATIVE if application is None else self.hand_off_of(application).kind

    def public(self, application: Application) -> dict[str, str]:
        """What names the application in pages of its own, on every wire."""
        return {
            name: text for facts in self.public_facts for name, text in facts(application).items()
        }

    def parts(self, settings: ApplicationSettings) -> dict[str, dict[str, Any]]:
        """Each wire's part of ``settings``, with its defaults."""
        return {
            name: known.complete(settings.wires.get(name, {}))
            for name, known in self.settings.items()
        }
