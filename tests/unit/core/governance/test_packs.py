"""Each pack against the routes that its package really has: what is not blocked stands here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.governance.routes import Route, RouteClass, sort_routes

ROOT = Path(__file__).parents[4]
# fastapi-users 15.0.5, by its routers for a JWT, registering, passwords, verifying and users. It
# wants an older release of a library than we do, so that it cannot be installed beside us.
FASTAPI_USERS = [
    ["POST", "/at/jwt/login"],
    ["POST", "/at/jwt/logout"],
    ["POST", "/at/register"],
    ["POST", "/at/forgot-password"],
    ["POST", "/at/reset-password"],
    ["POST", "/at/request-verify-token"],
    ["POST", "/at/verify"],
    ["GET", "/at/users/me"],
    ["PATCH", "/at/users/me"],
    ["GET", "/at/users/{id}"],
    ["PATCH", "/at/users/{id}"],
    ["DELETE", "/at/users/{id}"],
    ["GET", "/at/associate/github/authorize"],
    ["GET", "/at/associate/github/callback"],
]
# For browsers and for apps alike.
HEADLESS = """
    GET /{client}/v1/config
    DELETE,GET /{client}/v1/auth/session
    POST /{client}/v1/auth/reauthenticate
    POST /{client}/v1/auth/code/confirm
    POST /{client}/v1/auth/reauthenticate/code/request
    POST /{client}/v1/auth/reauthenticate/code/confirm
    POST /{client}/v1/auth/reauthenticate/code/resend
    POST /{client}/v1/auth/login
    POST /{client}/v1/auth/signup
    GET /{client}/v1/account/email
    GET,POST /{client}/v1/auth/provider/signup
    POST /{client}/v1/auth/2fa/authenticate
    POST /{client}/v1/auth/2fa/reauthenticate
    GET,POST /{client}/v1/auth/webauthn/authenticate
    GET,POST /{client}/v1/auth/webauthn/reauthenticate
    GET,POST /{client}/v1/auth/webauthn/login
    GET /{client}/v1/auth/sessions
"""
# Signing in and out is the guard's to look after; the rest shows, or asks for what is known.
LEFT: Mapping[DenyPack, str] = {
    DenyPack.DJANGO_AUTH: """
        GET,POST,PUT /login/
        POST /logout/
    """,
    DenyPack.ALLAUTH: """
        GET,POST,PUT /login/
        GET,POST /logout/
        GET /inactive/
        GET,POST,PUT /signup/
        GET,POST,PUT /reauthenticate/
        GET,POST,PUT /reauthenticate/code/
        GET,POST,PUT /reauthenticate/code/confirm/
        GET /email/
        GET,POST,PUT /login/code/confirm/
        GET /2fa/
        GET,POST /2fa/authenticate/
        GET,POST,PUT /2fa/reauthenticate/
        GET /2fa/webauthn/
        GET,POST,PUT /2fa/webauthn/reauthenticate/
        GET,POST,PUT /2fa/webauthn/login/
        GET /3rdparty/login/cancelled/
        GET /3rdparty/login/error/
        GET,POST,PUT /3rdparty/signup/
        DELETE,GET,PATCH,POST,PUT /social/login/cancelled/
        DELETE,GET,PATCH,POST,PUT /social/login/error/
        DELETE,GET,PATCH,POST,PUT /social/signup/
        GET /sessions/
    """
    + HEADLESS.replace("{client}", "browser")
    + HEADLESS.replace("{client}", "app"),
    DenyPack.DJ_REST_AUTH: """
        POST /login/
        GET,POST /logout/
        GET /user/
        POST /token/verify/
        POST /mfa/verify/
        GET /mfa/status/
        POST /
        GET /account-email-verification-sent/
    """,
    DenyPack.TWO_FACTOR: """
        GET,POST /account/login/
    """,
    DenyPack.DJANGO_ADMIN: """
        * /
        * /login/
        * /logout/
        * /autocomplete/
        * /jsi18n/
        * /r/<path:content_type_id>/<path:object_id>/
        GET /auth/group/<path:object_id>/
        GET /auth/user/<path:object_id>/
        * /sites/site/
        * /sites/site/add/
        * /sites/site/<path:object_id>/history/
        * /sites/site/<path:object_id>/change/
        DELETE,GET,PATCH,POST,PUT /sites/site/<path:object_id>/
        GET /account/emailaddress/<path:object_id>/
        GET /socialaccount/socialapp/<path:object_id>/
        GET /socialaccount/socialaccount/<path:object_id>/
        GET /usersessions/usersession/<path:object_id>/
        * /<app_label>/
        * /<url>
    """,
    DenyPack.FLASK_SECURITY: """
        GET /fs-static/<path:filename>
        POST /logout
        GET,POST /login
        GET /login/<token>
        GET,POST /verify
        GET,POST /us-signin
        GET,POST /us-verify
        GET /us-verify-link
        GET,POST /tf-validate
        GET,POST /tf-rescue
        GET,POST /register
        GET,POST /mf-recovery
        GET,POST /wan-signin
        POST /wan-signin/<token>
        GET,POST /wan-verify
        POST /wan-verify/<token>
        GET,POST /tf-select
    """,
    DenyPack.FASTAPI_USERS: """
        POST /jwt/login
        POST /jwt/logout
        POST /register
        GET /users/me
        GET /users/{id}
    """,
}


@pytest.fixture(scope="module")
def told() -> Mapping[str, Sequence[Sequence[str]]]:
    # Six seconds of one processor; on a machine that does much else, minutes.
    done = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.package_routes"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "fastapi_users": FASTAPI_USERS}


def left(pack: DenyPack, routes: Sequence[Sequence[str]]) -> str:
    """What ``pack`` does not block of ``routes``, a line for each path."""
    found: dict[str, list[str]] = {}
    every = [Route(method=method, path=path) for method, path in routes]
    for one in sort_routes(every, blocked=DenyPacks(packs=(pack,)).actions()):
        if one.kind is not RouteClass.BLOCKED:
            found.setdefault(one.route.path.removeprefix("/at"), []).append(one.route.method)
    return "\n".join(f"{','.join(methods)} {path}" for path, methods in found.items())


@pytest.mark.parametrize("pack", LEFT)
def test_a_pack_blocks_all_of_its_package_but_this(
    told: Mapping[str, Sequence[Sequence[str]]], pack: DenyPack
) -> None:
    expected = "\n".join(line.strip() for line in LEFT[pack].splitlines() if line.strip())
    assert left(pack, told[pack]) == expected


def test_every_pack_of_a_package_is_held_against_it() -> None:
    assert set(LEFT) == set(DenyPack) - {DenyPack.GENERIC}
