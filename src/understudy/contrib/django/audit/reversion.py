"""django-reversion: the comment of each revision that a session causes names the actor.

::

    INSTALLED_APPS += ["understudy.contrib.django.audit.reversion.ReversionConfig"]

``Revision.comment`` ends in ``actor opr_…, session ses_…``. The admin's own comments are JSON, from
which it makes its sentences: there ``{"understudy": {…}}`` with the ids is one more member of the
list, which those sentences pass over. ``Revision.user`` is the subject, by ``RevisionMiddleware``
or reversion's views; in a job it is whoever the job has set.
"""

from __future__ import annotations

import json

from django.apps import AppConfig
from django.db.models import Model
from reversion.signals import pre_revision_commit

from understudy.contrib.django.audit.wording import KEY, with_words
from understudy.sdk.attribution import Attribution, current_attribution


class ReversionConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """Puts actor and session into comments of revisions; has no models."""

    name = "understudy.contrib.django.audit.reversion"
    label = "understudy_reversion"

    def ready(self) -> None:
        """Look at each revision before it is stored."""
        pre_revision_commit.connect(_attribute, dispatch_uid=self.name)


def _attribute(*, revision: Model, **_: object) -> None:
    attribution = current_attribution()
    if attribution is not None:
        revision.comment = _commented(revision.comment, attribution)


def _commented(comment: str, attribution: Attribution) -> str:
    try:
        found = json.loads(comment)
    except ValueError:
        found = None
    if not isinstance(found, list):
        return with_words(comment, attribution)
    return json.dumps([*found, {KEY: attribution.ids()}])
