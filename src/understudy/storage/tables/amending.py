"""What several tables do alike: amend a row, and forget rows as retention and erasure do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from understudy.core.ids import SubjectRef
from understudy.core.times import to_ms
from understudy.errors import NotFound
from understudy.storage.database.connection import Params, Transaction

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V", bound="DataclassInstance")


def amended(standing: V | None, news: V, *names: str) -> V:
    """``standing`` with what ``news`` says in the fields ``names``; all else stands.

    :raises NotFound: it was never added, or the row was changed from outside.
    """
    if standing is None:
        raise NotFound(internal="saved what was never added")
    return replace(standing, **{name: getattr(news, name) for name in names})


def forget(
    db: Transaction,
    query: str,
    application_id: str,
    by: datetime,
    subject_ref: SubjectRef | None,
) -> int:
    """Delete what was over by this moment, of one user or of all; answers how many rows."""
    where: Params = {
        "application_id": application_id,
        "by": to_ms(by),
        "subject_ref": subject_ref,
    }
    return db.run(query, where)
