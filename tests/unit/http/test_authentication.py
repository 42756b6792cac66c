from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fixtures.engine import START
from tests.fixtures.refusals import refusal_of
from tests.fixtures.vault import VAULT
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.people.permissions import Permission, Role
from understudy.core.people.principals import Operator, OperatorSession, OperatorStatus, Status
from understudy.errors import MalformedRequest, NotSignedIn, PermissionMissing
from understudy.http.access import APPLICATION, SIGNED_IN, operator, operator_or_application
from understudy.http.authentication import (
    ApplicationCredentials,
    OperatorCredentials,
    authenticate_application,
    credentials,
    needs_touch,
    parse_basic,
    require_access,
)
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.http.incoming import Headers
from understudy.http.principal import ANYBODY, ApplicationPrincipal, OperatorPrincipal

APP = Application(
    id="app_1",
    name="App",
    vertical=Vertical.B2B,
    status=Status.ACTIVE,
    settings=ApplicationSettings(),
    secret_hash=VAULT.token_hash(TokenPurpose.APPLICATION_SECRET, "usk_new"),
    previous_secret_hash=VAULT.token_hash(TokenPurpose.APPLICATION_SECRET, "usk_old"),
    previous_secret_expires_at=START,
    created_at=START,
    updated_at=START,
)
SAM = Operator(
    id=OperatorId("opr_1"),
    email="sam@x.example",
    name="Sam",
    roles=frozenset({Role.SUPPORT_MANAGER}),
    status=OperatorStatus.ACTIVE,
    created_at=START,
    updated_at=START,
)
SESSION = OperatorSession(
    id="ops_1",
    operator_id=OperatorId("opr_1"),
    token_hash=b"",
    created_at=START,
    last_seen_at=START,
    expires_at=START,
)


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


def test_id_and_secret_are_split_at_the_first_colon() -> None:
    given = parse_basic(basic("app_1:a:b"))
    assert given == ApplicationCredentials(application_id="app_1", secret="a:b")
    assert "a:b" not in repr(given)
    assert parse_basic(basic("app%5F1:s")).application_id == "app_1"


@pytest.mark.parametrize(
    "header", ["", "Basic", basic("app_1"), "Bearer x", "Basic a b", "Basic é"]
)
def test_anything_else_is_no_credentials(header: str) -> None:
    with refusal_of(NotSignedIn, "not_signed_in"):
        parse_basic(header)


def test_there_is_one_kind_of_credentials_or_none() -> None:
    cookie = (b"cookie", f"{OPERATOR_COOKIE}=uso_1".encode())
    header = (b"authorization", basic("app_1:s").encode())
    assert credentials(Headers([])) is None
    assert credentials(Headers([cookie])) == OperatorCredentials(token="uso_1")
    assert credentials(Headers([header])) == parse_basic(basic("app_1:s"))
    with refusal_of(MalformedRequest, "malformed_request"):
        credentials(Headers([cookie, header]))


@pytest.mark.parametrize(
    ("application", "secret", "known"),
    [
        (APP, "usk_new", True),
        (APP, "usk_old", False),
        (replace(APP, previous_secret_expires_at=START + timedelta(seconds=1)), "usk_old", True),
        (APP, "", False),
        (None, "usk_new", False),
        (replace(APP, status=Status.DISABLED), "usk_new", False),
        (replace(APP, status=Status.DELETED), "usk_new", False),
    ],
)
def test_an_application_is_known_by_a_secret_that_is_good(
    application: Application | None, secret: str, known: bool
) -> None:
    given = ApplicationCredentials(application_id="app_1", secret=secret)
    if known:
        assert authenticate_application(VAULT, application, given, START).application is application
    else:
        with refusal_of(NotSignedIn, "not_signed_in"):
            authenticate_application(VAULT, application, given, START)


def test_access_is_for_those_it_names() -> None:
    sam = OperatorPrincipal(operator=SAM, session=SESSION)
    app = ApplicationPrincipal(application=APP)
    require_access(SIGNED_IN, sam)
    require_access(APPLICATION, app)
    require_access(operator(Permission.IMPERSONATION_START), sam)
    require_access(operator_or_application(Permission.AUDIT_READ), app)
    refused = (
        (SIGNED_IN, app),
        (SIGNED_IN, ANYBODY),
        (APPLICATION, sam),
        (operator(Permission.AUDIT_READ), sam),
        (operator_or_application(Permission.AUDIT_READ), sam),
    )
    for access, principal in refused:
        with refusal_of(PermissionMissing, "permission_missing"):
            require_access(access, principal)


def test_a_sign_of_life_is_written_once_a_minute() -> None:
    assert not needs_touch(SESSION, START + timedelta(seconds=59))
    assert needs_touch(SESSION, START + timedelta(seconds=60))
