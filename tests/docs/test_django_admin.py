"""The guide to Django's admin, followed word for word beside a running service."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT
from tests.docs.reader import REASON, follow, type_in
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor

PAGE = ROOT / "docs/howto/django-admin.md"


def _sign_in(kim: Visitor) -> None:
    page = kim.visit("/admin/login/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', page)
    form = {"username": "kim", "password": "correct horse", "csrfmiddlewaretoken": token}
    assert kim.post("/admin/login/?next=/", data=form).status_code == 302


def test_staff_start_in_the_admin_and_in_a_list_of_the_sites_own(shell: Shell) -> None:
    with shell:
        type_in(
            shell,
            "understudy app create Shop --allow-impersonation"
            " --redirect-url http://127.0.0.1:8000/_understudy/callback",
            "export APP_ID=app_… APP_SECRET=usk_…",
        )
        shell.serve("understudy serve")
        follow(shell, PAGE)
        kim = Visitor(shell.ports["8700"], Site(f"http://127.0.0.1:{shell.ports['8000']}"))
        _sign_in(kim)
        assert "/admin/auth/user/1/impersonate/" in kim.visit("/admin/auth/user/1/change/")
        assert 'name="subject_id" value="1"' in kim.visit("/admin/auth/user/1/impersonate/")
        assert kim.visit("/").count(">Impersonate</button>") == 1
        assert kim.visit("/close-account") == "closed"
        wanted = {"subject_id": "1", "reason": REASON, "minutes": "15", "scope": "full"}
        assert kim.post("/_understudy/start", data=wanted).json()["home"] == "/"
        page = kim.visit("/")
        assert "Hello ada, as kim sees it" in page
        assert "<understudy-banner" in page
        refused = kim._send("GET", f"{kim.site.origin}/close-account", headers={})
        assert refused.json()["code"] == "action_blocked"  # by the deny profile, before the view
        type_in(
            shell,
            "python manage.py understudy sessions",
            "python manage.py understudy revoke ses_… | grep 'is over: revoked.'",
        )
        kim.post("/_understudy/end")
        assert "Hello kim" in kim.visit("/")
