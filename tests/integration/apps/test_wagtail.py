"""Wagtail, as its own command makes a site of it, on the servers that people run it on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.integration.abuse.servers import eventually
from tests.integration.apps.wagtail_desk import FETCHED, PAGE, Desk, Person, desk
from tests.integration.apps.wagtail_site import ADA, KIM, LETTER, PASSWORD, SERVERS, Project, made
from tests.integration.contrib.wsgi.conftest import Service
from understudy.core.notices.events import EventType

BANNER = "<understudy-banner"
PROMPT_SECONDS = 1.0
TOKEN = re.compile(r'(?<=csrfmiddlewaretoken\\" value=\\")\w+')
NEW_PAGE = "/admin/pages/add/home/homepage/3/"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Project:
    """Made once: its tables take longer than all that is done with them."""
    return made(tmp_path_factory.mktemp("wagtail") / "press", service.variables)


@pytest.fixture(scope="module", params=list(SERVERS))
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    project: Project,
    service: Service,
) -> Iterator[Desk]:
    copied = project.copied(tmp_path_factory.mktemp("served") / "press")
    with desk(copied, SERVERS[request.param], service) as found:
        yield found


@pytest.fixture
def kim(site: Desk) -> Person:
    return site.person("kim")


@pytest.fixture
def ada(site: Desk) -> Person:
    return site.person("ada")


def named(admin: str) -> str:
    """Whose name the admin's sidebar bears."""
    [name] = re.findall(r'"name": "(\w+)", "avatarUrl"', admin)
    return str(name)


def test_pages_and_the_admin_are_the_subjects_and_under_a_banner(kim: Person, ada: Person) -> None:
    kim.start()
    home = kim.look("/").text
    # Wagtail's own bar in the page, with what this user may do to it.
    assert (BANNER in home, "/admin/pages/3/edit/" in home) == (True, True)
    shown = kim.look("/admin/")
    assert (BANNER in shown.text, shown.headers["x-frame-options"]) == (True, "DENY")
    own = ada.look("/admin/").text
    assert (BANNER in own, named(own), named(shown.text)) == (False, "Ada", "Ada")
    assert 'value="ada@press.example"' in kim.look("/admin/account/").text


@pytest.mark.parametrize("path", ["/admin/sites/new/", "/admin/groups/"])
def test_a_superuser_sees_no_more_than_the_editor_does(kim: Person, path: str) -> None:
    assert kim.look(path).status_code == 200
    kim.start()
    refused = kim.look(path)
    assert (refused.status_code, refused.headers["location"]) == (302, "/admin/")


def test_what_is_written_is_the_subjects_and_the_log_names_the_actor(
    site: Desk, kim: Person
) -> None:
    session_id = kim.start()
    form = {"slug": "a-page", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    # Kim may publish, Ada may not.
    sent = kim.submit(NEW_PAGE, title="A page", **form, **{"action-publish": "action-publish"})
    assert sent.status_code == 302, sent.text
    query = "SELECT id, owner_id, live FROM wagtailcore_page WHERE slug = 'a-page'"
    [(number, owner, is_live)] = site.project.rows(query)
    assert (str(owner), is_live) == (ADA, 0)
    told = "SELECT action, user_id FROM wagtailcore_pagelogentry WHERE page_id = ?"
    assert ("wagtail.create", int(ADA)) in site.project.rows(told, number)
    assert {str(user) for _, user in site.project.rows(told, number)} == {ADA}
    revisions = "SELECT user_id FROM wagtailcore_revision WHERE object_id = ?"
    assert site.project.rows(revisions, str(number)) == [(int(ADA),)]
    eventually(
        lambda: (
            (KIM, ADA, NEW_PAGE) in site.log(session_id, EventType.ACTION_INTENDED)
            and (KIM, ADA, NEW_PAGE) in site.log(session_id, EventType.ACTION_COMPLETED)
        )
    )


def test_the_subjects_account_is_looked_at_and_not_changed(site: Desk, kim: Person) -> None:
    session_id = kim.start()
    changed = {"password-old_password": PASSWORD}
    changed |= dict.fromkeys(("password-new_password1", "password-new_password2"), "of Kim's own")
    for page in ("/admin/account/", "/admin/logout/"):
        refused = kim.submit("/admin/account/", page, **changed)
        assert (refused.status_code, "blocked" in refused.text) == (403, True)
    eventually(
        lambda: (
            {path for _, _, path in site.log(session_id, EventType.ACTION_BLOCKED)}
            == {"/admin/account/", "/admin/logout/"}
        )
    )
    assert site.is_untouched()


def test_what_writes_into_the_subjects_login_leaves_the_agents_alone(
    site: Desk, kim: Person
) -> None:
    profile = {"first_name": "Ada", "last_name": "Lovett", "email": "ada@press.example"}
    form = {f"name_email-{name}": value for name, value in profile.items()}
    form |= {"locale-preferred_language": "en", "locale-current_time_zone": "UTC"}
    form |= {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"}
    with site.blocking():
        kim.start()
        assert kim.submit("/admin/account/", **form).headers["location"] == "/admin/account/"
        assert kim.submit("/admin/account/", "/admin/logout/").status_code == 302
        kim.end()
    assert site.is_untouched()
    assert named(kim.look("/admin/").text) == "Kim"


def test_the_end_leaves_kim_and_ada_as_they_were(site: Desk, kim: Person, ada: Person) -> None:
    kim.start()
    late = kim.copied()
    assert named(kim.look("/admin/").text) == "Ada"
    assert named(ada.look("/admin/").text) == "Ada"
    kim.end()
    own = kim.look("/admin/").text
    assert (BANNER in own, named(own)) == (False, "Kim")
    assert named(ada.look("/admin/").text) == "Ada"
    assert site.is_untouched()
    eventually(lambda: late.look("/admin/").status_code == 401, seconds=PROMPT_SECONDS)


def test_a_revoked_session_is_refused_and_changes_nothing(site: Desk, kim: Person) -> None:
    session_id = kim.start()
    late = kim.copied()
    assert kim.look("/admin/").status_code == 200
    site.revoke(session_id)
    eventually(lambda: kim.look("/admin/").status_code == 401, seconds=PROMPT_SECONDS)
    sent = {"data": {"title": "Too late"}}
    eventually(lambda: late.post(NEW_PAGE, **sent).status_code == 401, seconds=PROMPT_SECONDS)
    assert named(kim.look("/admin/").text) == "Kim"
    assert site.is_untouched()


def test_choosers_go_out_as_they_are_and_previews_may_be_framed(kim: Person, ada: Person) -> None:
    kim.start()
    for path in ("/admin/choose-page/", "/admin/images/chooser/"):
        shown, own = kim.look(path, FETCHED).text, ada.look(path, FETCHED).text
        # The token of a form is masked anew each time.
        assert TOKEN.sub("", shown) == TOKEN.sub("", own)
        assert json.loads(shown)["html"]
    preview = kim.look("/admin/pages/3/edit/preview/", {**PAGE, "Sec-Fetch-Dest": "iframe"})
    assert (preview.status_code, preview.headers["x-frame-options"]) == (200, "SAMEORIGIN")


def test_documents_go_out_whole_and_are_kept_by_no_browser(kim: Person, ada: Person) -> None:
    path = "/documents/1/letter.txt"
    own = ada.look(path)
    since = {**PAGE, "If-Modified-Since": own.headers["last-modified"]}
    assert (own.content, ada.look(path, since).status_code) == (LETTER, 304)
    kim.start()
    for headers in (PAGE, since):
        got = kim.look(path, headers)
        assert (got.status_code, got.content) == (200, LETTER)
        assert got.headers["cache-control"] == "no-store"
