"""Ends the sessions of staff whom the site disables or deletes.

The service asks nobody whether those whom a site vouches for still work there. Django tells of what
is saved or deleted one by one; after an update of many at once, or of somebody's rights, the site
says so itself, by ``revoke_sessions_of`` of its ``Understudy``.
"""

from __future__ import annotations

import logging

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from understudy.contrib.django.conf import SETTING, installed
from understudy.errors import UnderstudyError

_LOG = logging.getLogger("understudy")


def watch_leavers() -> None:
    """Hear of users who are saved or deleted, by whichever of their models."""
    users = get_user_model()
    # Django names the very class: whoever is saved as a proxy is told of by its name alone.
    for model in apps.get_models():
        if issubclass(model, users):
            post_save.connect(_saved, sender=model, dispatch_uid="understudy.saved")
            post_delete.connect(_deleted, sender=model, dispatch_uid="understudy.deleted")


def _saved(instance: Model, created: bool, using: str, **_: object) -> None:
    if not created and not getattr(instance, "is_active", True):
        _leaves(instance, using)


def _deleted(instance: Model, using: str, **_: object) -> None:
    _leaves(instance, using)


def _leaves(user: Model, using: str) -> None:
    # Read now: whoever is deleted has no key any more by the time that it is so.
    actor_id = str(user.pk)

    def tell() -> None:
        _tell(actor_id)

    if _commits(transaction.get_connection(using)):
        # Not before it is so; a transaction that is undone disables nobody. Robust, as whatever is
        # wrong here, the user is disabled all the same.
        transaction.on_commit(tell, using=using, robust=True)
    else:
        # Of commits by hand Django tells nobody: rather a session too few than one too many.
        tell()


def _commits(connection: BaseDatabaseWrapper) -> bool:
    """Whether Django itself commits what is done now, and so can say when."""
    if connection.in_atomic_block:
        return bool(connection.commit_on_exit)
    return bool(connection.get_autocommit())


def _tell(actor_id: str) -> None:
    if getattr(settings, SETTING, None) is None:
        return  # nothing is set up, and nobody works as anybody
    try:
        # Beside the request, which is an admin's and waits for no service.
        installed().understudy.revoke_sessions_of(actor_id)
    except UnderstudyError as error:
        _LOG.error(
            "Sessions of users who were disabled go on until they end: %s",
            error.code,
            extra={"action": "end_sessions_of_leavers"},
        )
