"""Several people's sessions in one browser at the same time: each has everything of its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.acceptance.one_person.conftest import NewDesk
from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.happenings import end
from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.stored import text_for

USERS = ("ada", "bob", "cyd")
STORAGE = "localStorage.getItem('basket') + ' ' + sessionStorage.getItem('basket')"


def write(page: Page, user: str, cell: str) -> None:
    """Save by the app's own script, as the page of ``user`` does."""
    body = text_for(user, cell)
    sending = "body => fetch('/save?how=fetch', {method: 'POST', body}).then(a => a.status)"
    assert page.evaluate(sending, body) == 200


def opened(desk: Desk) -> dict[str, Page]:
    return {user: desk.launch(user) for user in USERS}


def test_each_has_a_banner_of_their_own(new_desk: NewDesk) -> None:
    pages = opened(new_desk(Place.ORIGINS, "banners"))
    for user, page in pages.items():
        banner = page.locator("understudy-banner .lead")
        expect(banner).to_contain_text(user)
        for other in set(USERS) - {user}:
            expect(banner).not_to_contain_text(other)


def test_each_has_storage_of_their_own(new_desk: NewDesk) -> None:
    pages = opened(new_desk(Place.ORIGINS, "storage"))
    for user, page in pages.items():
        assert page.evaluate(STORAGE) == "null null"
        for kept in ("localStorage", "sessionStorage"):
            page.evaluate(f"user => {kept}.setItem('basket', user)", user)
    for user, page in pages.items():
        assert page.evaluate(STORAGE) == f"{user} {user}"


def test_each_has_cookies_of_their_own(new_desk: NewDesk) -> None:
    desk = new_desk(Place.ORIGINS, "cookies")
    pages = {"agent": desk.first, **opened(desk)}
    for before in ("nothing", "of-{user}"):
        for user, page in pages.items():
            page.goto(desk.origins[user] + "/remember")
            expect(page.locator("#before")).to_have_text(before.format(user=user))


def test_each_has_a_log_of_their_own(new_desk: NewDesk, site: Site) -> None:
    desk = new_desk(Place.ORIGINS, "logs")
    pages = opened(desk)
    for user, page in pages.items():
        page.goto(f"{desk.origins[user]}/of/{user}")
        write(page, user, desk.cell)
    for user in USERS:
        session_id = desk.sessions[user]
        own, logged = f"/of/{user}", [""]
        while own not in logged:
            actions = site.gateway.actions(session_id, at_least=len(logged))
            logged = ["", *(action.path for action in actions)]
        assert {path for path in logged if path.startswith("/of/")} == {own}


def test_three_at_once_write_in_turn(new_desk: NewDesk) -> None:
    desk = new_desk(Place.ORIGINS, "three at once")
    pages = opened(desk)
    for user, page in [*pages.items(), *reversed(pages.items())]:
        write(page, user, desk.cell)
    assert desk.misplaced() == []
    assert all(desk.ways(user) == {"fetch"} for user in USERS)


def test_the_end_of_one_leaves_the_others(new_desk: NewDesk, site: Site) -> None:
    """Also from a page that was there before the other sessions were."""
    desk = new_desk(Place.ORIGINS, "the end of one")
    pages = opened(desk)
    end(desk, pages["ada"], "ada")
    for user in ("bob", "cyd"):
        assert site.gateway.ended(desk.sessions[user]) is None
        write(pages[user], user, desk.cell)
    assert desk.misplaced() == []


def test_the_agents_own_login_stays_as_it_is(new_desk: NewDesk) -> None:
    """Byte for byte: before, beside and behind three sessions, which set cookies of that name."""
    desk = new_desk(Place.ORIGINS, "own login")
    before = seen(desk)
    assert before == "login=agent"
    pages = opened(desk)
    for user, page in pages.items():
        page.goto(f"{desk.origins[user]}/log-in?as={user}")
        assert seen(desk) == before
    for user, page in pages.items():
        end(desk, page, user)
        assert seen(desk) == before
    desk.first.goto(desk.site.own_origin)
    expect(desk.first.locator("#who")).to_have_text("agent")


def test_a_sessions_page_does_nothing_at_the_apps_own_host(new_desk: NewDesk) -> None:
    """There the agent's cookies would go along: to browsers both are one site."""
    desk = new_desk(Place.ORIGINS, "astray")
    page = desk.launch("ada")
    address, body = f"{desk.site.own_origin}/save?how=fetch", text_for("ada", desk.cell)
    page.evaluate(
        """([to, body]) => fetch(
             to, {method: 'POST', body, mode: 'no-cors', credentials: 'include'})""",
        [address, body],
    )
    page.evaluate("([to, body]) => { navigator.sendBeacon(to, body) }", [address, body])
    page.evaluate(
        """([to, body]) => {
             const form = document.querySelector('form[id="click"]');
             form.action = to; form.elements.text.value = body; form.submit() }""",
        [address, body],
    )
    page.wait_for_url("**/save*")
    desk.site.settle()
    assert desk.misplaced() == []


def seen(desk: Desk) -> str:
    """The agent's Cookie header at the app's own host."""
    desk.first.goto(desk.site.own_origin + "/cookies")
    return desk.first.locator("body").inner_text()
