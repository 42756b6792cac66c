"""The Stytch wire, at the root of the host: its SDKs drop any path prefix."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.http.wire import Wire
from understudy.http.wires import HandOff
from understudy.wires.stytch import (
    browser_calls,
    key_calls,
    organization_calls,
    project_calls,
    session_calls,
    user_calls,
)
from understudy.wires.stytch.answers import on_error
from understudy.wires.stytch.jwt import KEY_USE
from understudy.wires.stytch.project import launch_url, public_token
from understudy.wires.stytch.session_objects import TOKEN_KIND
from understudy.wires.stytch.settings import NAME, SETTINGS
from understudy.wires.stytch.webhook_format import FORMAT


def _address(application: Application, redirect_url: str, token: str) -> str:
    return launch_url(redirect_url, application.vertical, token)


def _public_facts(application: Application) -> dict[str, str]:
    return {"public_token": public_token(application.id)}


WIRE = Wire(
    name=NAME,
    endpoints=(
        *session_calls.ENDPOINTS,
        *key_calls.ENDPOINTS,
        *organization_calls.ENDPOINTS,
        *user_calls.ENDPOINTS,
        *project_calls.ENDPOINTS,
        *browser_calls.ENDPOINTS,
    ),
    shapes={"/sdk/v1": on_error, "/v1": on_error},
    token_kinds=(TOKEN_KIND,),
    key_uses=(KEY_USE,),
    hand_offs=(HandOff(name=NAME, kind=TOKEN_KIND, address=_address),),
    formats=(FORMAT,),
    settings=SETTINGS,
    public_facts=_public_facts,
)
