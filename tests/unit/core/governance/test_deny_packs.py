from __future__ import annotations

from typing import cast

import pytest

from understudy.core.applications.application import NEW_SETTINGS, ApplicationSettings
from understudy.core.governance.deny_packs import DENY_RULES, DenyPack, DenyPacks
from understudy.core.governance.denying import Harm
from understudy.core.impersonation.restrictions import (
    BlockedAction,
    Restrictions,
    Rulebook,
    Scope,
    judge,
)

GENERIC = DenyPacks(packs=(DenyPack.GENERIC,))


def denied(method: str, path: str, packs: DenyPacks = GENERIC) -> str | None:
    """The label under which ``packs`` deny this request."""
    rules = Restrictions(scope=Scope.FULL, blocked_actions=packs.actions())
    found = judge(rules, method=method, path=path)
    return None if found is None else found.label


@pytest.mark.parametrize(
    ("harm", "request_line"),
    [
        (Harm.CREDENTIALS, "POST /settings/password"),
        (Harm.CREDENTIALS, "PUT /api/v2/users/7/password/"),
        (Harm.CREDENTIALS, "POST /account/change-password"),
        (Harm.CREDENTIALS, "GET /App-Passwords/new"),
        (Harm.CREDENTIALS, "POST /passkeys"),
        (Harm.SECOND_FACTORS, "POST /account/2fa/disable"),
        (Harm.SECOND_FACTORS, "GET /security/backup_codes"),
        (Harm.EMAIL, "PATCH /me/email"),
        (Harm.EMAIL, "POST /users/7/email"),
        (Harm.EMAIL, "GET /confirm-email/abc"),
        (Harm.PAYMENT, "POST /billing/plan"),
        (Harm.PAYMENT, "DELETE /payment_methods/3"),
        (Harm.PAYMENT, "POST /settings/payout-account"),
        (Harm.EXPORT, "GET /invoices/export.csv"),
        (Harm.EXPORT, "POST /gdpr/data-export"),
        (Harm.KEYS, "GET /api_keys"),
        (Harm.KEYS, "POST /projects/4/keys"),
        (Harm.TOKENS, "POST /api/token/refresh"),
        (Harm.TOKENS, "GET /personal-access-tokens"),
        (Harm.ROLES, "PUT /members/3/role"),
        (Harm.INVITATIONS, "POST /team/invitations"),
        (Harm.CONSENTS, "GET /oauth/authorize"),
        (Harm.CONSENTS, "POST /consents"),
        (Harm.DELETION, "DELETE /users/7"),
        (Harm.DELETION, "POST /account/delete"),
        (Harm.DELETION, "POST /close-account"),
        (Harm.CREDENTIALS, "POST /settings/sso"),
        (Harm.SECOND_FACTORS, "POST /disable-2fa"),
        (Harm.SECOND_FACTORS, "GET /user/totp-setup"),
        (Harm.SECOND_FACTORS, "DELETE /settings/mfa_devices/3"),
        (Harm.EMAIL, "POST /settings/emails"),
        (Harm.EMAIL, "POST /account/email-address"),
        (Harm.PAYMENT, "POST /orders/5/refund"),
        (Harm.PAYMENT, "POST /subscriptions/5/cancel"),
        (Harm.EXPORT, "POST /settings/webhooks"),
        (Harm.KEYS, "POST /rotate-secret"),
        (Harm.KEYS, "POST /settings/gpg-keys"),
        (Harm.TOKENS, "POST /settings/api_tokens"),
        (Harm.ROLES, "POST /users/7/impersonate"),
        (Harm.INVITATIONS, "POST /teams/4/members"),
        (Harm.CONSENTS, "POST /applications/authorize"),
        (Harm.DELETION, "POST /deactivate-account"),
        # Other ways of asking for the same: a form of the view, a prefix, a method of one's own.
        (Harm.TOKENS, "POST /api/tokens.json"),
        (Harm.ROLES, "PATCH /api/v2.1/members/3/role.api"),
        (Harm.EMAIL, "POST /pt-br/accounts/email/"),
        (Harm.DELETION, "PURGE /account"),
        (Harm.PAYMENT, "LINK /billing/plan"),
    ],
)
def test_the_generic_profile_denies(harm: Harm, request_line: str) -> None:
    method, path = request_line.split(" ")
    assert denied(method, path) == harm.label


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /",
        "GET /users/7",
        "POST /invoices",
        "DELETE /invoices/7",
        "POST /tickets/7/comments",
        "GET /billing",
        "GET /team/roles",
        "POST /emails",
        "POST /accounts/7/contacts",
        "GET /keys",
        "POST /users",
        "POST /tokens-of-affection",
        "GET /secrets-of-cooking",
        "GET /blog/2fa-explained",
        "GET /settings/security",
        "GET /subscriptions",
        "PROPFIND /invoices",
        "POST /monkeys",
        "POST /invoices.json",
    ],
)
def test_the_generic_profile_leaves_ordinary_work_alone(request_line: str) -> None:
    method, path = request_line.split(" ")
    assert denied(method, path) is None


def test_every_harm_has_a_rule_in_the_generic_profile_and_words_that_fit_the_api() -> None:
    assert {rule.harm for rule in DENY_RULES[DenyPack.GENERIC]} == set(Harm)
    assert all(0 < len(harm.label) <= 100 for harm in Harm)


def test_a_new_application_has_the_generic_profile_and_an_older_one_has_none() -> None:
    assert NEW_SETTINGS.deny_packs == GENERIC
    assert ApplicationSettings().deny_packs == DenyPacks()
    assert ApplicationSettings().denied == ()


def test_an_exception_takes_one_pattern_away_and_no_other() -> None:
    lenient = DenyPacks(packs=(DenyPack.GENERIC,), excepted=("/**/billing/**", "/**/unheard/of"))
    assert denied("POST", "/billing/plan", lenient) is None
    assert denied("POST", "/payouts", lenient) == Harm.PAYMENT.label


def test_every_pack_has_a_name_and_rules() -> None:
    assert set(DENY_RULES) == set(DenyPack)
    assert len({pack.caption for pack in DenyPack}) == len(DenyPack)


def test_what_admins_wrote_themselves_goes_first() -> None:
    own = BlockedAction(method="POST", pattern="/settings/password", label="Its own words")
    settings = ApplicationSettings(blocked_actions=(own,), deny_packs=GENERIC)
    found = Rulebook(settings.denied).blocked(("POST",), ("/settings/password",))
    assert found is not None
    assert found.label == "Its own words"


def test_packs_that_know_the_same_route_block_it_once() -> None:
    both = DenyPacks(packs=(DenyPack.DJANGO_AUTH, DenyPack.DJANGO_ADMIN))
    patterns = [action.pattern for action in both.actions()]
    assert patterns.count("/**/password_change/**") == 1


def test_a_pack_of_a_newer_version_blocks_nothing_here() -> None:
    newer = DenyPacks(packs=(cast(DenyPack, "fifth"), DenyPack.GENERIC))
    assert newer.actions() == GENERIC.actions()
