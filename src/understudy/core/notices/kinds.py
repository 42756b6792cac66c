"""What is to be known of a kind of entry, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a kind is about; people who filter the log are offered kinds by topic."""

    SESSIONS = "Sessions"
    REQUESTS = "Requests"
    ACTIONS = "Actions"
    ALERTS = "Alerts"
    TEAM = "Team"
    APPLICATIONS = "Applications"
    WEBHOOKS = "Webhooks"
    USERS = "Users"
    CONSENT = "Consent"
    LOG = "Log"
    UNKNOWN = "Unknown"


class Deed(StrEnum):
    """What was done, as far as schemas of other houses tell deeds apart."""

    BEGUN = "begun"
    OVER = "over"
    REFUSED = "refused"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    INTENDED = "intended"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    CREATED = "created"
    READ = "read"
    CHANGED = "changed"
    DELETED = "deleted"
    RELEASED = "released"
    ENABLED = "enabled"
    DISABLED = "disabled"
    OTHER = "other"


class Tone(StrEnum):
    """What the eye should find in a list; most entries are quiet."""

    QUIET = "quiet"
    CALM = "calm"
    LIVE = "live"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of entry. What it says lies in two halves, the same for every kind (``Event``).

    NOTE: ``type`` is frozen once released: leaves of the log carry it.

    ``when`` says when it happens. ``title`` is its name among the events of other systems,
    ``label`` its name in the dashboard, where all is about impersonation; both default to the type
    as words. Somebody should look at an ``alert`` the same day, so that it is ``usual``. One that
    ``ends_session`` makes guards forget the session. Webhooks may choose what is ``subscribable``,
    and hear of what is ``usual`` unless they choose. What ``lasts`` is told beyond its
    application's retention, without the half that can name people.
    """

    type: str
    when: str
    topic: Topic
    deed: Deed
    title: str = ""
    label: str = ""
    tone: Tone = Tone.QUIET
    alert: bool = False
    ends_session: bool = False
    subscribable: bool = True
    usual: bool = False
    lasts: bool = False

    def __post_init__(self) -> None:
        """Let names default to the words of the type, and an alert be usual."""
        title = self.title or self.type.replace(".", " ").replace("_", " ").capitalize()
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "label", self.label or title)
        if self.alert:
            object.__setattr__(self, "usual", True)


class Kinds:
    """The kinds that this version knows, by type, in the order in which people read of them.

    :raises ValueError: two kinds of one type.
    """

    def __init__(self, kinds: Iterable[EventKind]) -> None:
        self.all = tuple(kinds)
        self._by_type = {kind.type: kind for kind in self.all}
        if len(self._by_type) != len(self.all):
            raise ValueError("two kinds have one type")

    def of(self, event_type: str) -> EventKind:
        """The kind of a type; one that a newer version has written says only what it is called."""
        return self._by_type.get(event_type) or _unknown(event_type)


def _unknown(event_type: str) -> EventKind:
    return EventKind(
        type=event_type,
        when="",
        topic=Topic.UNKNOWN,
        deed=Deed.OTHER,
        subscribable=False,
    )
