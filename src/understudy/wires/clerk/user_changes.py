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
from understudy.flows.directory.maintain import Further, SubjectFacts, delete_subject, save_subject
from understudy.flows.origin import Origin
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem, taken, unfit, unknown
from understudy.wires.clerk.kept import METADATA, Kept, kept_of, merged, with_kept
from understudy.wires.clerk.parameters import Parameters, line
from understudy.wires.clerk.users import existing, shape

_METADATA_MOST_BYTES = 8 * 1024
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ID_PREFIX = "user_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 27
_ID_BYTES = 20
_TEXTS = ("first_name", "last_name", "username", "locale")
_FIELDS = frozenset({*_TEXTS, *METADATA, "external_id"})
_CREATED = _FIELDS | {"email_address", "phone_number", "banned"}
_SIGN_IN = frozenset(
    {
        "backup_codes",
        "password",
        "password_digest",
        "password_hasher",
        "totp_secret",
        "web3_wallet",
    }
)
"""Refused rather than dropped in silence: nobody signs in here."""
_WITHOUT_EFFECT = frozenset(
    {
        "bypass_client_trust",
        "create_organization_enabled",
        "create_organizations_limit",
        "created_at",
        "delete_self_enabled",
        "email_address_identification_status",
        "legal_accepted_at",
        "locked",
        "notify_primary_email_address_changed",
        "phone_number_identification_status",
        "primary_email_address_id",
        "primary_phone_number_id",
        "primary_web3_wallet_id",
        "profile_image_id",
        "sign_out_of_other_sessions",
        "skip_legal_checks",
        "skip_password_checks",
        "skip_password_requirement",
        "skip_user_requirement",
    }
)


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
        given = _read(body, _CREATED)
        email = self._free_email(given)
        return self._save(
            SubjectFacts(
                id=_new_id(self.unit.random(_ID_BYTES)),
                email=email,
                disabled=given.flag("banned"),
            ),
            kept=_changed(Kept(phone_numbers=given.texts("phone_number")), given),
            external_id=self._free_external_id(given, None),
        )

    def update(self, user_id: SubjectId, body: Mapping[str, Any]) -> dict[str, Any] | ClerkProblem:
        """A user with what ``body`` names changed; metadata are replaced.

        :raises InvalidInput: a parameter is unknown, unfit or taken.
        """
        subject = existing(self.unit, user_id, application=self.application)
        given = _read(body, _FIELDS)
        if subject is None:
            return NO_SUCH_RESOURCE
        return self._save(
            _facts(subject),
            kept=_changed(kept_of(subject), given),
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
        given = _read(body, frozenset(METADATA))
        if subject is None:
            return NO_SUCH_RESOURCE
        kept = kept_of(subject)
        changes = {
            name: merged(getattr(kept, name), change)
            for name in METADATA
            if (change := given.mapping(name, most_bytes=_METADATA_MOST_BYTES)) is not None
        }
        return self._save(
            _facts(subject),
            kept=msgspec.structs.replace(kept, **changes),
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
        external_id: str | None,
        extra: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        if kept.name is not None:
            line("last_name", kept.name)
        further = Further(external_id=external_id, extra=with_kept(extra or {}, kept))
        saved = save_subject(
            self.unit,
            self.application,
            replace(facts, name=kept.name, further=further),
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


def _read(body: Mapping[str, Any], known: frozenset[str]) -> Parameters:
    for name in body:
        if name in _SIGN_IN:
            raise unknown(name, f"{name} is not kept here: users sign in to your app.")
    return Parameters(body, known=known | _WITHOUT_EFFECT)


def _changed(kept: Kept, given: Parameters) -> Kept:
    changes: dict[str, Any] = {name: given.text(name) or None for name in _TEXTS if name in given}
    for name in METADATA:
        found = given.mapping(name, most_bytes=_METADATA_MOST_BYTES)
        if found is not None:
            changes[name] = found
    return msgspec.structs.replace(kept, **changes)


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
