"""django-simple-history: the change reason of each record that a session causes names the actor.

::

    INSTALLED_APPS += ["understudy.contrib.django.audit.simple_history.SimpleHistoryConfig"]

``history_change_reason`` reads ``actor opr_…, session ses_…``, behind the app's own reason if it
gives one, which is cut where the column is too short for both. ``history_user`` is the subject, by
``HistoryRequestMiddleware``; in a job simple-history knows no user. ``bulk_create_with_history``
and ``bulk_update_with_history`` ask nobody, so that they are to be given the reason::

    bulk_update_with_history(..., default_change_reason=change_reason())
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models import Model
from simple_history.signals import pre_create_historical_record

from understudy.contrib.django.audit.wording import with_words
from understudy.sdk.attribution import current_attribution

_FIELD = "history_change_reason"


class SimpleHistoryConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """Puts actor and session into change reasons; has no models."""

    name = "understudy.contrib.django.audit.simple_history"
    label = "understudy_simple_history"

    def ready(self) -> None:
        """Look at each record before it is stored."""
        pre_create_historical_record.connect(_attribute, dispatch_uid=self.name)


def change_reason(reason: str = "", *, most: int | None = 100) -> str:
    """``reason`` and who causes the change, or ``reason`` alone where users act for themselves.

    ``most`` is how many characters the column takes; None for a ``TextField``.
    """
    attribution = current_attribution()
    return reason if attribution is None else with_words(reason, attribution, most)


def _attribute(*, history_instance: Model, **_: object) -> None:
    attribution = current_attribution()
    if attribution is not None:
        most = history_instance._meta.get_field(_FIELD).max_length
        reason = with_words(history_instance.history_change_reason, attribution, most)
        history_instance.history_change_reason = reason
