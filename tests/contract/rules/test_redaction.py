"""A session whose app hides something is served only where it can be hidden, on both databases."""

from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession, Over, refresh
from understudy.service.table import WIRES

RULES = Redaction(secrets=True, rules=(RedactionRule(kind=RuleKind.FIELD, match="iban"),))


def exchanged(place: World, *, hides: bool) -> OpenSession | TokenRefused:
    token = place.token(place.granted())
    presented = Presented(token=token, application=place.application, hides=hides)
    return place.run(lambda unit: exchange(unit, presented, kinds=WIRES.token_kinds, origin=HERE))


def refreshed(place: World, opened: OpenSession, *, hides: bool) -> object:
    with place.engine.reading() as reader:
        return refresh(
            reader,
            place.engine.vault,
            opened.session_token,
            application=place.application,
            now=place.engine.clock.latest(),
            hides=hides,
        )


def test_rules_reach_the_guard_that_keeps_them(installation: World) -> None:
    installation.set_up_application(redaction=RULES)
    opened = exchanged(installation, hides=True)
    assert isinstance(opened, OpenSession)
    assert opened.restrictions.redaction == RULES


def test_what_cannot_hide_gets_no_session(installation: World) -> None:
    installation.set_up_application(redaction=RULES)
    refused = exchanged(installation, hides=False)
    assert refused == TokenRefused(why="redaction_unsupported")


@pytest.mark.parametrize("redaction", [Redaction(), Redaction(secrets=True)])
def test_secrets_alone_are_hidden_where_they_can_be(
    installation: World, redaction: Redaction
) -> None:
    installation.set_up_application(redaction=redaction)
    assert isinstance(exchanged(installation, hides=False), OpenSession)


def test_rules_that_come_later_end_what_cannot_keep_them(installation: World) -> None:
    opened = exchanged(installation, hides=False)
    assert isinstance(opened, OpenSession)
    installation.set_up_application(redaction=RULES)
    assert refreshed(installation, opened, hides=False) == Over(cause=EndCause.RULES_CHANGED)
    found = refreshed(installation, opened, hides=True)
    assert isinstance(found, OpenSession)
    assert found.restrictions.redaction == RULES
