"""The CRM of the examples as a target: there for two ways of asking it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from examples.flask_crm import records
from examples.flask_crm.crm import create_app
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.testing import FakeGateway
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

MORE = (
    ("lee", "Lee Sommer", "lee@lighthouse.example", "support", "Lighthouse CRM"),
    ("olga", "Olga Owner", "olga@engines.example", "sales", "Analytical Engines"),
)
NAMES = {row[0]: row[1] for row in (*records.PEOPLE, *MORE)}
EMAILS = {row[0]: row[2] for row in (*records.PEOPLE, *MORE)}


def crm(tmp_path: Path) -> Iterator[AttackTarget]:
    """Kim and Lee support; Ada and Grace are customers, and Olga is of too high a rank."""
    gateway = FakeGateway()
    gateway.deny_packs = DenyPacks(packs=(DenyPack.GENERIC,))
    for subject_id in ("ada", "grace"):
        gateway.user(subject_id)
    gateway.user("olga", roles=["owner"])
    understudy = gateway.understudy()
    app = create_app({"DATABASE": str(tmp_path / "crm.db"), "SECRET_KEY": "x"}, understudy)
    database = tmp_path / "crm.db"
    records.fill(database)
    with closing(sqlite3.connect(database)) as raw:
        raw.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", MORE)
        raw.commit()

    def sign_in(browser: AttackBrowser, who: str) -> None:
        form = {"email": EMAILS[who], "password": records.PASSWORD}
        browser.own(Sending(method="POST", path="/login", form=form), {})

    def whoami(browser: AttackBrowser) -> str | None:
        page = browser.open("/settings").text
        return next((who for who, name in NAMES.items() if f"<span>{name}<small>" in page), None)

    def disable(who: str) -> None:
        gateway.user(who, disabled=True)
        for session in gateway.sessions():
            if who in (session.actor.id, session.subject.id):
                gateway.revoke(session.id)

    def recorded() -> list[tuple[str, str]]:
        return [
            (one.actor.id, one.subject.id)
            for one in gateway.sessions()
            for _ in gateway.actions(one.id)
        ]

    def page_headers(browser: AttackBrowser) -> Mapping[str, str]:
        token = browser.cookies().get("__Host-understudy")
        sessions = [one.id for one in gateway.sessions() if token and gateway.ended(one.id) is None]
        return {"Understudy-Page": sessions[-1] if sessions else "own"}

    yield AttackTarget(
        app=app,
        agent="kim",
        colleague="lee",
        user="ada",
        other="grace",
        admin="olga",
        login_cookies=("session", "remember_token"),
        sign_in=sign_in,
        whoami=whoami,
        start=lambda user: Sending(
            method="POST",
            path="/_understudy/start",
            json={"subject_id": user, "reason": "Cannot see the invoice"},
        ),
        stop=Sending(method="POST", path="/_understudy/end"),
        page_headers=page_headers,
        change=Sending(
            method="POST", path="/contacts/new", form={"name": "Vera", "title": "Attorney"}
        ),
        dangerous=[Sending(method="POST", path="/settings/password", form={"password": "x"})],
        disable=disable,
        later=gateway.forward,
        recorded=recorded,
    )
    understudy.close()
