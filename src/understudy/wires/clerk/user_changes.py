"""Creating, changing and deleting users: the same directory, by the same flows, as natively."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.notices.events import Party
from understudy.core.people.principals import Subject
from understudy.core.ports import SubjectFilter, Unit
from understudy.core.text import fold_email
from understudy.flows.directory.absent import said_or
from understudy.flows.directory.maintain import Further, SubjectFacts, delete_subject, save_subject
from understudy.flows.origin import Origin
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem, taken, unfit
from understudy.wires.clerk.kept import (
    METADATA,
    Kept,
    kept_of,
    merged,
    roles_after,
    roles_in,
    with_kept,
)
from understudy.wires.clerk.parameters import Parameters, line
from understudy.wires.clerk.user_parameters import (
    CREATED,
    FIELDS,
    METADATA_MOST_BYTES,
    changed,
    read,
)
from understudy.wires.clerk.users import existing, shape

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ID_PREFIX = "user_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 27
_ID_BYTES = 20
_ROLE_LONGEST = 100
_NOTHING = Kept()


@dataclass(frozen=True, kw_only=True)
class Directory:
    """One application's users, in a unit, changed by ``by``."""

    unit: Unit
    application: Application
    by: Party
    origin: Origin

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A new user under an id of ours.

        :raises InvalidInput: a parameter is unknown, unfit or taken.
        """
        given = read(body, CREATED)
        email = self._free_email(given)
        return self._save(
            SubjectFacts(
                id=_new_id(self.unit.random(_ID_BYTES)),
                email=email,
                disabled=given.flag("banned"),
            ),
            kept=changed(Kept(phone_numbers=given.texts("phone_number")), given),
            external_id=self._free_external_id(given, None),
        )

    def update(self, user_id: SubjectId, body: Mapping[str, Any]) -> dict[str, Any] | ClerkProblem:
        """A user with what ``body`` names changed; metadata are replaced.

        :raises InvalidInput: a parameter is unknown, unfit or taken.
        """
        subject = existing(self.unit, user_id, application=self.application)
        given = read(body, FIELDS)
        if subject is None:
            return NO_SUCH_RESOURCE
        before = kept_of(subject)
        return self._save(
            _facts(subject),
            kept=changed(before, given),
            before=before,
            external_id=self._free_external_id(given, subject),
            extra=subject.extra,
        )

    def merge_metadata(
        self, user_id: SubjectId, body: Mapping[str, Any]
    ) -> dict[str, Any] | ClerkProblem:
        """A user with metadata merged in.

        :raises InvalidInput: a parameter is unknown or unfit, or too much would be kept.
        """
        subject = existing(self.unit, user_id, application=self.application)
        given = read(body, frozenset(METADATA))
        if subject is None:
            return NO_SUCH_RESOURCE
        kept = kept_of(subject)
        changes = {
            name: merged(getattr(kept, name), change)
            for name in METADATA
            if (change := given.mapping(name, most_bytes=METADATA_MOST_BYTES)) is not None
        }
        return self._save(
            _facts(subject),
            kept=msgspec.structs.replace(kept, **changes),
            before=kept,
            external_id=subject.external_id,
            extra=subject.extra,
        )

    def ban(self, user_id: SubjectId, *, banned: bool) -> dict[str, Any] | ClerkProblem:
        """A user who may not be worked as, or may be again."""
        subject = existing(self.unit, user_id, application=self.application)
        if subject is None:
            return NO_SUCH_RESOURCE
        facts = _facts(subject, disabled=banned)
        saved = save_subject(self.unit, self.application, facts, by=self.by, origin=self.origin)
        return shape(saved)

    def delete(self, user_id: SubjectId) -> dict[str, Any] | ClerkProblem:
        """Forget a user; sessions as that user end."""
        subject = existing(self.unit, user_id, application=self.application)
        if subject is None:
            return NO_SUCH_RESOURCE
        delete_subject(self.unit, self.application, user_id, by=self.by, origin=self.origin)
        return {"object": "user", "id": user_id, "deleted": True}

    def _save(
        self,
        facts: SubjectFacts,
        *,
        kept: Kept,
        before: Kept = _NOTHING,
        external_id: str | None,
        extra: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        if kept.name is not None:
            line("last_name", kept.name)
        for role in roles_in(kept):
            line("public_metadata", role, longest=_ROLE_LONGEST)
        further = Further(external_id=external_id, extra=with_kept(extra or {}, kept))
        saved = save_subject(
            self.unit,
            self.application,
            replace(
                facts,
                name=kept.name,
                roles=roles_after(said_or(facts.roles, ()), before, kept),
                further=further,
            ),
            by=self.by,
            origin=self.origin,
        )
        return shape(saved)

    def _free_email(self, given: Parameters) -> str | None:
        emails = given.texts("email_address")
        if len(emails) > 1:
            raise unfit("email_address", "A user has one e-mail address here.")
        if not emails:
            return None
        if _EMAIL.fullmatch(emails[0]) is None:
            raise unfit("email_address", "This is not an e-mail address.")
        where = SubjectFilter(
            application_id=self.application.id, emails=frozenset({fold_email(emails[0])})
        )
        if self.unit.subjects.count(where):
            raise taken("email_address")
        return emails[0]

    def _free_external_id(self, given: Parameters, subject: Subject | None) -> str | None:
        if "external_id" not in given:
            return subject.external_id if subject else None
        wanted = given.text("external_id") or None
        if wanted is None or (subject is not None and wanted == subject.external_id):
            return wanted
        where = SubjectFilter(application_id=self.application.id, external_ids=frozenset({wanted}))
        if self.unit.subjects.count(where):
            raise taken("external_id")
        return wanted


def _facts(subject: Subject, *, disabled: bool | None = None) -> SubjectFacts:
    """``subject`` as it is, in the terms in which it is saved."""
    return SubjectFacts(
        id=subject.id,
        email=subject.email,
        name=subject.name,
        organization_id=subject.organization_id,
        roles=subject.roles,
        protected=subject.protected,
        disabled=disabled,
    )


def _new_id(random: bytes) -> SubjectId:
    """An id of letters and digits only, which is all that these clients' CLI takes."""
    number, digits = int.from_bytes(random, "big"), []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return SubjectId(_ID_PREFIX + "".join(digits))
