"""``understudy doctor``: look for what is wrong before it hurts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app_findings import Outside, examine_app
from understudy.cli.app_routes import list_routes, print_routes
from understudy.cli.audit_compare import SHOWN
from understudy.cli.findings import Finding
from understudy.cli.installation import DatabaseUrl, DataDir, application_of, settings_for
from understudy.cli.login_findings import examine_login
from understudy.cli.output import Json, clear_errors, one_line, out, print_json
from understudy.cli.schema_findings import examine_schema
from understudy.config import Settings
from understudy.core.applications.addresses import check_redirect_url, is_loopback, origin_of
from understudy.core.applications.application import UnrankedRoles
from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.governance.routes import RouteClass
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Status
from understudy.core.ports import Reader
from understudy.errors import UnderstudyError
from understudy.flows.clock_doubt import is_behind, retention_waits
from understudy.flows.comparison.compare import compare
from understudy.flows.directory.unranked import unranked_roles
from understudy.service.opening import open_installation
from understudy.storage.engine.engine import StoreEngine

App = Annotated[
    str | None,
    typer.Option(
        "--app",
        metavar="URL|MODULE",
        help="An app's address, to be visited; or the app, module:app, or the settings of a Django "
        "site, whose routes are listed.",
    ),
]
OriginsPattern = Annotated[
    str | None,
    typer.Option(
        metavar="PATTERN",
        help="Its session origins, if not those of the settings: https://*.view.app.example",
    ),
]
ApiUrls = Annotated[
    list[str] | None,
    typer.Option("--api", metavar="URL", help="An address on another host that its pages call."),
]

Packs = Annotated[
    list[DenyPack] | None,
    typer.Option(
        "--pack",
        metavar="PACK",
        help="A deny pack that the routes are held against; generic by itself, or several of: "
        + ", ".join(DenyPack),
    ),
]
OfApplication = Annotated[
    str | None,
    typer.Option(
        "--application",
        metavar="ID",
        help="Hold the routes against what this application blocks, instead of packs.",
    ),
]
Classified = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="A file that says of routes what they are: read or write."
    ),
]
FailOn = Annotated[
    RouteClass | None, typer.Option(help="Exit with 1 where a route is of this kind.")
]

ReadingLogin = Annotated[
    str | None,
    typer.Option(
        "--reading-login",
        metavar="URL",
        help="A login of an app's PostgreSQL that is to read and no more; its password may stand "
        "in PGPASSWORD.",
    ),
]


def doctor(
    *,
    app: App = None,
    session_origins: OriginsPattern = None,
    api: ApiUrls = None,
    pack: Packs = None,
    application: OfApplication = None,
    classified: Classified = None,
    fail_on: FailOn = None,
    reading_login: ReadingLogin = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Check keys, database, log and settings. Exit status 1 when something is wrong.

    With --app and an address, visit an app from outside instead, as nobody: its guard, and its
    session origins. With --app and a module, list its routes: read, write, blocked, unclassified.
    With --reading-login, look at what a login of an app's own database may do.
    """
    if app is not None and "://" not in app:
        with clear_errors():
            settings = settings_for(data_dir, database_url)
            blocked = _blocked(settings, application, pack or [DenyPack.GENERIC])
            listed = list_routes(app, blocked, classified)
        print_routes(listed, as_json=as_json)
        raise typer.Exit(int(any(one.kind is fail_on for one in listed)))
    with clear_errors():
        settings = settings_for(data_dir, database_url)
        if reading_login is not None:
            findings = list(examine_login(reading_login))
        elif app is None:
            findings = list(_examine(settings))
        else:
            outside = _outside(settings, app, session_origins, api or ())
            findings = list(examine_app(outside))
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def _blocked(
    settings: Settings, application: str | None, packs: Sequence[DenyPack]
) -> Sequence[BlockedAction]:
    if application is None:
        return DenyPacks(packs=tuple(packs)).actions()
    engine = open_installation(settings, require_sound_log=False)
    try:
        with engine.reading() as reader:
            return application_of(reader, application).settings.denied
    finally:
        engine.close()


def _outside(settings: Settings, app: str, given: str | None, apis: Sequence[str]) -> Outside:
    for url in (app, *apis):
        check_redirect_url(url)
    pattern = given or _pattern_of(settings, app)
    origins = SessionOrigins.parse(pattern) if pattern else None
    return Outside(url=app, issuer=settings.public_url, origins=origins, apis=apis)


def _pattern_of(settings: Settings, app: str) -> str | None:
    """The session origins of the application that has a redirect URL at this app's origin."""
    engine = open_installation(settings, require_sound_log=False)
    try:
        with engine.reading() as reader:
            known = [one.settings for one in reader.applications.list()]
    finally:
        engine.close()
    origin = origin_of(app)
    found = (one for one in known if origin in {origin_of(url) for url in one.redirect_urls})
    return next((one.session_origins for one in found), None)


def _examine(settings: Settings) -> Sequence[Finding]:
    try:
        schema = examine_schema(settings)
        if any(finding.level != "ok" for finding in schema):
            return schema  # to open it would migrate it, and this only looks
        engine = open_installation(settings, require_sound_log=False)
    except UnderstudyError as error:
        return [Finding(level="error", what=f"cannot open the installation: {error.detail}")]
    try:
        with engine.reading() as reader:
            about = [check(reader) for check in _CHECKS]
        return [
            Finding(level="ok", what="data directory, key and database open"),
            *schema,
            _address(settings),
            _log(engine),
            *_rows(engine),
            _writing(engine),
            _clock(engine),
            *_forged(engine),
            *(finding for found in about for finding in found),
        ]
    finally:
        engine.close()


def _address(settings: Settings) -> Finding:
    if settings.https or is_loopback(origin_of(settings.public_url).split("://")[1].split(":")[0]):
        return Finding(level="ok", what=f"public URL {settings.public_url}")
    return Finding(
        level="error",
        what=f"public URL {settings.public_url} is plain http",
        advice="Browsers drop Secure cookies there. Put TLS in front and set an https URL.",
    )


def _log(engine: StoreEngine) -> Finding:
    try:
        engine.require_sound_log()
    except UnderstudyError as error:
        return Finding(
            level="error", what=f"audit log: {error.detail}", advice="understudy audit verify"
        )
    return Finding(level="ok", what="audit log: checkpoint, tiles and history agree")


def _rows(engine: StoreEngine) -> Sequence[Finding]:
    with engine.comparing() as rows:
        found = compare(rows)
    if found.ok:
        return [Finding(level="ok", what="rows and audit log agree")]
    told = [
        Finding(level="error", what=f"{one.place}: {one.message} ({one.code})", advice=one.advice)
        for one in found.differences[:SHOWN]
    ]
    hidden = len(found.differences) + found.more - len(told)
    if hidden:
        what = f"{hidden:,} more rows that the audit log does not tell of"
        told.append(Finding(level="error", what=what, advice="understudy audit verify --json"))
    return told


def _writing(engine: StoreEngine) -> Finding:
    try:
        engine.try_to_write()
        engine.require_writable()
    except UnderstudyError as error:
        return Finding(
            level="error",
            what=f"nothing can be written: {error.detail}",
            advice="Sessions can be ended all the same: understudy sessions end",
        )
    return Finding(level="ok", what="database and audit log can be written")


def _clock(engine: StoreEngine) -> Finding:
    now = engine.clock()
    with engine.reading() as reader:
        behind, waits = is_behind(reader, now), retention_waits(reader)
    if behind:
        return Finding(
            level="error",
            what="clock: the audit log has entries from the future; nobody can start",
            advice="Set the clock right. If it is: understudy clock confirm",
        )
    if waits:
        return Finding(
            level="warning",
            what="clock: more than a day ahead of what was seen; retention waits",
            advice="Look at the clock. If it is right: understudy clock confirm",
        )
    return Finding(level="ok", what="clock: in line with the audit log")


def _forged(engine: StoreEngine) -> Sequence[Finding]:
    forged = engine.forged_rows.all()
    if not forged:
        return [
            Finding(level="ok", what="rows that give power are as this installation wrote them")
        ]
    return [
        Finding(
            level="error",
            what=f"{table}: {len(keys)} row(s) that this installation did not write: "
            + ", ".join(keys[:SHOWN]),
            advice="They count as not there. Find out who writes to the database, then restore a "
            "backup, or delete them.",
        )
        for table, keys in forged.items()
    ]


def _admins(reader: Reader) -> Sequence[Finding]:
    admins = [one for one in reader.operators.list() if one.active and Role.ADMIN in one.roles]
    if admins:
        return [Finding(level="ok", what=f"{len(admins)} active admin(s)")]
    return [
        Finding(
            level="warning",
            what="there is no active admin",
            advice="Open the set-up link that the first start prints, or: "
            "understudy operator create EMAIL --role admin",
        )
    ]


def _applications(reader: Reader) -> Sequence[Finding]:
    known = [one for one in reader.applications.list() if one.status is Status.ACTIVE]
    if not known:
        return [
            Finding(level="warning", what="there is no application", advice="understudy app create")
        ]
    findings = []
    for application in known:
        settings, name = application.settings, application.name
        if not settings.impersonation_allowed:
            findings.append(
                Finding(
                    level="warning",
                    what=f"{name}: impersonation is switched off",
                    advice="An admin switches it on under Settings.",
                )
            )
        elif not settings.denied:
            findings.append(
                Finding(
                    level="warning",
                    what=f"{name}: no action is blocked while impersonating",
                    advice="Block at least password, e-mail, payout, export and deletion.",
                )
            )
        else:
            findings.append(Finding(level="ok", what=f"{name}: ready"))
    return findings


def _roles(reader: Reader) -> Sequence[Finding]:
    findings = []
    for application in reader.applications.list():
        unranked = unranked_roles(reader, application)
        if application.status is not Status.ACTIVE or not unranked.users:
            continue
        allowed = application.settings.unranked_roles is UnrankedRoles.ALLOW
        findings.append(
            Finding(
                level="warning",
                what=f"{application.name}: {unranked}",
                advice="They count as rank 0 and can be impersonated. Rank them under Settings."
                if allowed
                else "They cannot be impersonated. Rank them under Settings, or allow it there.",
            )
        )
    return findings


_CHECKS: Sequence[Callable[[Reader], Sequence[Finding]]] = (_admins, _applications, _roles)


def _print(finding: Finding) -> None:
    mark = {"ok": "[green]ok[/green]     ", "warning": "[yellow]warning[/yellow]"}
    out.print(f"{mark.get(finding.level, '[bold red]error[/bold red]  ')}  ", end="")
    out.print(one_line(finding.what), markup=False)
    if finding.advice:
        out.print(f"         [dim]{finding.advice}[/dim]")
