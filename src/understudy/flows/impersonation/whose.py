"""Whose account a token leads into, before it is used."""

from __future__ import annotations

from understudy.core.ids import GrantId, SubjectId
from understudy.core.ports import Reader


def subject_of_token(reader: Reader, token: str, application_id: str) -> SubjectId | None:
    """The subject of an impersonation token of this application; None for every other one."""
    found = reader.impersonation_tokens.by_token(token)
    if found is None or found.application_id != application_id:
        return None
    return _subject(reader, found.grant_id)


def subject_of_session(reader: Reader, token: str, application_id: str) -> SubjectId | None:
    """The subject of a session of this application, by the session's token; None for others."""
    found = reader.sessions.by_token(token)
    if found is None or found.application_id != application_id or found.end_cause is not None:
        return None
    return _subject(reader, found.grant_id)


def _subject(reader: Reader, grant_id: GrantId) -> SubjectId | None:
    grant = reader.grants.get(grant_id)
    return None if grant is None else grant.subject_id
