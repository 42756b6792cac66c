"""Flask-AppBuilder in a session: whoever is served, with their rights, on every server."""

from __future__ import annotations

from contextlib import closing

from tests.integration.abuse.servers import eventually
from tests.integration.apps.appbuilder.browser import Browser
from tests.integration.apps.appbuilder.conftest import ADA, AGENT, Site
from understudy.sdk.cookies import OVERLAY


def test_pages_menus_and_rights_are_the_subjects(site: Site, agent: Browser) -> None:
    mine = agent.open("/contactview/list/").text
    assert ("List Users" in mine, "<understudy-banner" in mine) == (True, False)
    assert agent.submit("/contactview/add", name="Alan").status_code == 302
    ((alan, whose),) = site.rows("select id, created_by_fk from contact where name = 'Alan'")
    assert whose == AGENT
    kept = ("/users/list/", "/roles/list/", f"/contactview/edit/{alan}")
    assert {agent.open(path).status_code for path in kept} == {200}
    agent.enter(site.session())
    hers = agent.open("/contactview/list/")
    assert (hers.status_code, "List Users" in hers.text) == (200, False)
    assert "<understudy-banner" in hers.text
    menus = agent.open("/api/v1/menu/").json()["result"]
    assert [menu["name"] for menu in menus] == ["Address book"]
    assert {agent.open(path).status_code for path in kept} == {403}
    assert agent.send("POST", f"/contactview/delete/{alan}").status_code == 403
    assert site.rows("select name from contact where name = 'Alan'")


def test_a_change_is_stored_as_the_subjects_and_logged_under_both_names(
    site: Site, agent: Browser
) -> None:
    session = site.session()
    agent.enter(session)
    assert agent.submit("/contactview/add", name="Grace").status_code == 302
    whose = "select created_by_fk, changed_by_fk from contact where name = 'Grace'"
    assert site.rows(whose) == [(ADA, ADA)]
    eventually(lambda: "POST" in dict(site.actions(session)))
    assert ("POST", "/contactview/add") in site.actions(session)


def test_the_agents_own_sign_in_outlives_a_session_byte_for_byte(
    site: Site, agent: Browser
) -> None:
    before = agent.cookies["session"]
    agent.enter(site.session())
    agent.submit("/contactview/add", name="Hedy")
    assert agent.open("/logout/").status_code == 302
    assert agent.open("/contactview/list/").status_code == 200
    assert agent.cookies["session"] == before
    kept = agent.cookies[OVERLAY]
    agent.leave()
    assert agent.cookies["session"] == before
    assert agent.open("/users/list/").status_code == 200
    # Whoever has kept the session's cookie has nothing.
    agent.cookies[OVERLAY] = kept
    eventually(lambda: codes(agent) == {"session_over"}, seconds=1)


def test_what_the_subject_alone_may_do_and_whoever_else_speaks_up_is_refused(
    site: Site, agent: Browser
) -> None:
    given = {"username": "agent", "password": "agent", "provider": "db"}
    token = agent.send("POST", "/api/v1/security/login", json=given).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert agent.open("/api/v1/contact/", **bearer).status_code == 200
    passwords = "select password from ab_user order by id"
    before = site.rows(passwords)
    agent.enter(site.session())
    kept = agent.submit("/resetmypassword/form", password="new one", conf_password="new one")
    assert (kept.status_code, kept.json()["code"]) == (403, "action_blocked")
    assert site.rows(passwords) == before
    refused = agent.send("GET", "/api/v1/contact/", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (400, "ambiguous_credentials")
    # Of its own the cookie opens no door of a token's.
    assert agent.open("/api/v1/contact/").status_code == 401


def test_nothing_tells_the_subject_that_somebody_was_there(site: Site, agent: Browser) -> None:
    told = "select login_count, fail_login_count, last_login, changed_on from ab_user order by id"
    before = site.rows(told)
    agent.enter(site.session())
    agent.open("/contactview/list/")
    assert agent.send("POST", "/login/", data={"username": "ada"}).status_code == 302
    agent.leave()
    assert agent.open("/contactview/list/").status_code == 200
    assert site.rows(told) == before


def codes(browser: Browser) -> set[str]:
    """How each worker answers."""
    answers = [browser.send("GET", "/contactview/list/") for _ in range(4)]
    return {one.json()["code"] if one.status_code == 401 else "served" for one in answers}


def test_a_session_that_was_revoked_is_over_at_once_and_touches_nobody_else(
    site: Site, agent: Browser
) -> None:
    session = site.session()
    with closing(site.browser("ada")) as ada:
        agent.enter(session)
        for browser in (agent, ada) * 2:
            assert browser.open("/contactview/list/").status_code == 200
        site.made.end(session)
        # Its word takes a moment to arrive, in each worker.
        eventually(lambda: codes(agent) == {"session_over"}, seconds=1)
        page = ada.open("/contactview/list/")
        assert (page.status_code, "<understudy-banner" in page.text) == (200, False)
    # Whoever reads that it is over is themself again.
    assert agent.open("/users/list/").status_code == 401
    assert agent.open("/users/list/").status_code == 200
