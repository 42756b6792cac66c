"""The named filters of searches: each a test of one row and, where an index helps, a narrower
look-up.

A filter that is not known is refused: to leave it out would answer more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from understudy.core.ids import SubjectId
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import SubjectFilter
from understudy.core.text import fold_email
from understudy.errors import UnderstudyError
from understudy.wires.stytch import objects
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.kept import kept_of_organization, kept_of_subject
from understudy.wires.stytch.requests import Operand

SHORTEST_FUZZY = 3
_MOST_VALUES = 500
R = TypeVar("R")
V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class Condition(Generic[R]):
    """One filter with its value. With ``exact`` what ``narrow`` finds needs no further test."""

    test: Callable[[R], bool]
    narrow: Callable[[SubjectFilter], SubjectFilter] | None = None
    exact: bool = False


Builder = Callable[[str, Any], Condition[R]]


def condition(operand: Operand, known: Mapping[str, Builder[R]]) -> Condition[R]:
    """The condition that ``operand`` stands for.

    :raises InvalidInput: a filter that is not known, or a value that is not of its kind.
    """
    build = known.get(operand.filter_name)
    if build is None:
        raise _refused(f"There is no filter {operand.filter_name[:100]!r} here.")
    return build(operand.filter_name, operand.filter_value)


Resolve = Callable[[frozenset[str]], frozenset[str]]
"""The ids of the subjects that have these external ids."""


def user_filters(resolve: Resolve) -> Mapping[str, Builder[Subject]]:
    """The filters for users."""
    return {
        "user_id": _ids(resolve),
        "email_address": _emails,
        "email_address_fuzzy": _fuzzy(lambda row: row.email or ""),
        "full_name_fuzzy": _fuzzy(lambda row: row.name or ""),
        "status": _status_of_user,
        "phone_number": _any_of(lambda row: kept_of_subject(row).phone_number),
        "phone_number_fuzzy": _within(lambda row: kept_of_subject(row).phone_number),
        "email_id": _any_of(objects.email_id),
        "phone_id": _any_of(objects.phone_id),
        "email_verified": _flag(lambda row: row.email is not None),
        "phone_verified": _flag(lambda _: False),
        "password_exists": _flag(lambda _: False),
        "created_at_greater_than": _later,
        "created_at_less_than": _earlier,
        "created_at_between": _between,
        **dict.fromkeys(
            (
                "oauth_provider",
                "totp_id",
                "totp_verified",
                "webauthn_registration_id",
                "webauthn_registration_verified",
                "biometric_registration_id",
                "biometric_registration_verified",
                "crypto_wallet_id",
                "crypto_wallet_address",
                "crypto_wallet_verified",
            ),
            _nobody,
        ),
    }


def member_filters(resolve: Resolve) -> Mapping[str, Builder[Subject]]:
    """The filters for members."""
    return {
        "member_ids": _ids(resolve),
        "member_emails": _emails,
        "member_email_fuzzy": _fuzzy(lambda row: row.email or ""),
        "member_roles": _roles,
        "status": _statuses,
        "statuses": _statuses,
        "member_is_breakglass": _flag(lambda row: kept_of_subject(row).is_breakglass),
        "member_phone_numbers": _any_of(lambda row: kept_of_subject(row).mfa_phone_number),
        "member_phone_number_fuzzy": _within(lambda row: kept_of_subject(row).mfa_phone_number),
        "member_mfa_phone_numbers": _any_of(lambda row: kept_of_subject(row).mfa_phone_number),
        "member_mfa_phone_number_fuzzy": _within(lambda row: kept_of_subject(row).mfa_phone_number),
        "member_password_exists": _flag(lambda _: False),
        "member_totp_exists": _flag(lambda _: False),
    }


def organization_filters(
    organizations_with: Callable[[SubjectFilter], frozenset[str]], application_id: str
) -> Mapping[str, Builder[Organization]]:
    """The filters for organizations; ``organizations_with`` finds those that have such members."""
    everybody = SubjectFilter(application_id=application_id)

    def member_emails(name: str, value: object) -> Condition[Organization]:
        wanted = frozenset(fold_email(text) for text in _texts(name, value))
        found = organizations_with(replace(everybody, emails=wanted))
        return Condition(test=lambda row: row.id in found)

    def member_email_fuzzy(name: str, value: object) -> Condition[Organization]:
        found = organizations_with(replace(everybody, query=_fuzzy_text(name, value)))
        return Condition(test=lambda row: row.id in found)

    return {
        "organization_ids": _any_of(lambda row: row.id),
        "organization_slugs": _any_of(objects.slug_of),
        "organization_name_fuzzy": _within(lambda row: row.name),
        "organization_slug_fuzzy": _within(objects.slug_of),
        "member_emails": member_emails,
        "member_email_fuzzy": member_email_fuzzy,
        "allowed_domains": _overlaps(lambda row: kept_of_organization(row).email_allowed_domains),
        "allowed_domain_fuzzy": _within(
            lambda row: "\n".join(kept_of_organization(row).email_allowed_domains)
        ),
        "claimed_email_domains": _overlaps(
            lambda row: kept_of_organization(row).claimed_email_domains
        ),
        "has_active_sso_connection": _flag(lambda _: False),
        "sso_connection_id": _nobody,
    }


def _ids(resolve: Resolve) -> Builder[Subject]:
    """Ids and external ids alike, as everywhere in this API."""

    def build(name: str, value: object) -> Condition[Subject]:
        named = frozenset(_texts(name, value))
        wanted = frozenset(map(SubjectId, named | resolve(named)))
        return Condition(
            test=lambda row: row.id in wanted,
            narrow=lambda where: replace(where, ids=wanted),
            exact=True,
        )

    return build


def _emails(name: str, value: object) -> Condition[Subject]:
    wanted = frozenset(fold_email(text) for text in _texts(name, value))
    return Condition(
        test=lambda row: row.email in wanted,
        narrow=lambda where: replace(where, emails=wanted),
        exact=True,
    )


def _fuzzy(text_of: Callable[[Subject], str]) -> Builder[Subject]:
    def build(name: str, value: object) -> Condition[Subject]:
        wanted = _fuzzy_text(name, value)
        return Condition(
            test=lambda row: fold_email(wanted) in fold_email(text_of(row)),
            narrow=lambda where: replace(where, query=wanted),
        )

    return build


def _within(text_of: Callable[[R], str]) -> Builder[R]:
    def build(name: str, value: object) -> Condition[R]:
        wanted = fold_email(_fuzzy_text(name, value))
        return Condition(test=lambda row: wanted in fold_email(text_of(row)))

    return build


def _any_of(text_of: Callable[[R], str]) -> Builder[R]:
    def build(name: str, value: object) -> Condition[R]:
        wanted = frozenset(_texts(name, value))
        return Condition(test=lambda row: text_of(row) in wanted)

    return build


def _overlaps(texts_of: Callable[[R], list[str]]) -> Builder[R]:
    def build(name: str, value: object) -> Condition[R]:
        wanted = frozenset(_texts(name, value))
        return Condition(test=lambda row: not wanted.isdisjoint(texts_of(row)))

    return build


def _flag(fact_of: Callable[[R], bool]) -> Builder[R]:
    def build(name: str, value: object) -> Condition[R]:
        wanted = _typed(name, value, bool, "true or false")
        return Condition(test=lambda row: fact_of(row) is wanted)

    return build


def _nobody(_: str, __: object) -> Condition[Any]:
    """Nobody here signs in by such a thing, and so nobody is found by it."""
    return Condition(test=lambda _: False)


def _roles(name: str, value: object) -> Condition[Subject]:
    wanted = frozenset(_texts(name, value))
    return Condition(test=lambda row: not wanted.isdisjoint(objects.member_roles(row)))


def _statuses(name: str, value: object) -> Condition[Subject]:
    """Deleted members are forgotten, and so are never found."""
    wanted = frozenset(_texts(name, value if isinstance(value, list) else [value]))
    return Condition(test=lambda row: objects.member(row)["status"] in wanted)


def _status_of_user(name: str, value: object) -> Condition[Subject]:
    wanted = frozenset(_texts(name, value if isinstance(value, list) else [value]))
    return Condition(test=lambda row: objects.user(row)["status"] in wanted)


def _later(name: str, value: object) -> Condition[Subject]:
    since = _time(name, value)
    return Condition(test=lambda row: row.created_at > since)


def _earlier(name: str, value: object) -> Condition[Subject]:
    until = _time(name, value)
    return Condition(test=lambda row: row.created_at < until)


def _between(name: str, value: object) -> Condition[Subject]:
    bounds = _typed(name, value, dict[str, Any], "{greater_than, less_than}")
    since, until = _time(name, bounds.get("greater_than")), _time(name, bounds.get("less_than"))
    return Condition(test=lambda row: since < row.created_at < until)


def _texts(name: str, value: object) -> list[str]:
    texts = _typed(name, value, list[str], "a list of texts")
    if not 1 <= len(texts) <= _MOST_VALUES:
        raise _refused(f"{name} takes 1 to {_MOST_VALUES} values.")
    return texts


def _fuzzy_text(name: str, value: object) -> str:
    text = _typed(name, value, str, "a text")
    if len(text.strip()) < SHORTEST_FUZZY:
        raise _refused(f"{name} takes at least {SHORTEST_FUZZY} characters.")
    return text.strip()


def _time(name: str, value: object) -> datetime:
    found = _typed(name, value, datetime, "a time as RFC 3339 has it")
    if found.tzinfo is None:
        raise _refused(f"{name} takes a time with its offset.")
    return found


def _typed(name: str, value: object, kind: type[V], said: str) -> V:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise _refused(f"{name} takes {said}.") from None


def _refused(message: str) -> UnderstudyError:
    return refused(ErrorType.BAD_REQUEST, message)
