"""django-auditlog: each entry that a session causes holds its ids in ``additional_data``.

::

    INSTALLED_APPS += ["understudy.contrib.django.audit.auditlog.AuditlogConfig"]

There ``additional_data["understudy"]`` is ``session_id``, ``actor_id`` and ``subject_id``, beside
what the model's ``get_additional_data`` gives; where that is no object, it stands under ``data``.
``LogEntry.actor``, which is auditlog's word for the user, is the subject: its middleware stands
behind Django's ``AuthenticationMiddleware``, as ever. In a job auditlog knows no user.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditlog import get_logentry_model
from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import post_save, pre_save

from understudy.contrib.django.audit.wording import KEY
from understudy.sdk.attribution import current_attribution


class AuditlogConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """Puts session, actor and subject on entries as they are made; has no models."""

    name = "understudy.contrib.django.audit.auditlog"
    label = "understudy_auditlog"

    def ready(self) -> None:
        """Look at each entry before it is stored, and once more behind it."""
        kept = get_logentry_model()
        pre_save.connect(_attribute, sender=kept, dispatch_uid=self.name)
        post_save.connect(_attribute_again, sender=kept, dispatch_uid=self.name)


def _attribute(*, instance: Model, raw: bool, **_: object) -> None:
    # An entry that is stored again, or read from a fixture, tells of another time.
    if not raw and instance._state.adding:
        _told(instance)


def _attribute_again(
    *, sender: type[Model], instance: Model, created: bool, raw: bool, **_: object
) -> None:
    # What a site gives to auditlog's set_extra_data is set after us, and in place of ours.
    if not raw and created and _told(instance):
        stored = sender._base_manager.using(instance._state.db).filter(pk=instance.pk)
        stored.update(additional_data=instance.additional_data)


def _told(entry: Model) -> bool:
    """True when the ids had to be put on the entry."""
    attribution = current_attribution()
    if attribution is None:
        return False
    given, ids = entry.additional_data, attribution.ids()
    if isinstance(given, Mapping) and given.get(KEY) == ids:
        return False
    beside = given if isinstance(given, Mapping) else {} if given is None else {"data": given}
    entry.additional_data = {**beside, KEY: ids}
    return True
