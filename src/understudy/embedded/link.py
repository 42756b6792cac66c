"""Makes the app's handle on an Understudy of its own; ``Understudy.embedded`` loads it by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from understudy.config import Settings
from understudy.core.applications.addresses import CALLBACK_PATH, origin_of
from understudy.core.applications.session_origins import SessionOrigins
from understudy.embedded.databases import store_url
from understudy.embedded.installation import Installation
from understudy.embedded.late_gateway import LateGateway
from understudy.embedded.plan import APPLICATION_ID, CheckPassword, Plan, StaffMemberOf
from understudy.errors import SetupError
from understudy.sdk.app_users import Users
from understudy.sdk.launch import Client
from understudy.sdk.read_only import ReadOnlyPolicy
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy

U = TypeVar("U", bound=Understudy)

_NEEDED = ("cryptography", "httpcore", "joserfc", "msgspec", "prometheus_client", "starlette")
"""Of ``understudy[server]`` what runs inside an app; found, and not yet imported."""


def embed(
    kind: type[U],
    name: str,
    *,
    url: str,
    staff: StaffMemberOf,
    users: Users,
    data_dir: str | os.PathLike[str],
    database: str | Mapping[str, Any] | None,
    schema: str,
    allow_impersonation: bool,
    redirect_url: str | None,
    session_origins: SessionOrigins | None,
    read_only: ReadOnlyPolicy | None,
    check_password: CheckPassword | None,
    sign_in_at: str | None,
) -> U:
    """What ``Understudy.embedded`` returns; nothing is opened or imported for it.

    :raises SetupError: see there.
    """
    _require_server()
    settings = Settings.from_environment(
        given={
            "embedded": True,
            "public_url": url,
            "data_dir": Path(data_dir),
            "database_url": store_url(database),
            "database_schema": schema,
        }
    )
    plan = Plan(
        name=name,
        settings=settings,
        redirect_url=redirect_url or origin_of(settings.public_url) + CALLBACK_PATH,
        session_origins=session_origins,
        allow_impersonation=allow_impersonation,
        staff=staff,
        users=users,
        check_password=check_password,
        sign_in_at=sign_in_at,
    )
    installation = Installation(plan)
    understudy = kind(
        connect=lambda: LateGateway(installation),
        client=Client(
            issuer=settings.public_url,
            client_id=APPLICATION_ID,
            key=Secret(lambda: _launch_key(settings)),
            redirect_url=plan.redirect_url,
            session_origins=session_origins,
        ),
        read_only=read_only,
        embedding=installation,
    )
    # What was recorded is sent before that to which it is sent is closed.
    installation.closing = understudy.close
    return understudy


def installation_of(understudy: Understudy) -> Installation:
    """The installation behind the app's handle, for those who mount its dashboard.

    :raises SetupError: it is a link to a service, whose dashboard is there.
    """
    installation = understudy.embedding
    if not isinstance(installation, Installation):
        raise SetupError("Only what Understudy.embedded has made has a dashboard to mount.")
    return installation


def _require_server() -> None:
    if any(find_spec(name) is None for name in _NEEDED):
        raise SetupError(
            "Understudy.embedded runs the service in your app, and needs what it is made of. "
            "Run: pip install 'understudy[server]'"
        )


def _launch_key(settings: Settings) -> str:
    from understudy.embedded.keys import launch_key

    return launch_key(settings)
