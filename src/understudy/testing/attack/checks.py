"""The attacks. Each is named after what must be so, and says which of others' faults it repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from understudy.testing.attack.browser import Sending
from understudy.testing.attack.target import AttackTarget

LONGEST = timedelta(minutes=61)
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")
DESTINATIONS = ("next", "url", "redirect", "return_to")
PRETENDED = (
    "Understudy-Subject",
    "Understudy-Actor",
    "X-Understudy-Subject",
    "X-Forwarded-User",
    "X-Impersonate-User",
    "X-Switch-User",
    "Remote-User",
)


def test_nobody_starts_without_a_sign_in(understudy_attack_target: AttackTarget) -> None:
    """Start routes without their check: GitLab, CVE-2016-4340."""
    target = understudy_attack_target
    browser = target.browser()
    target.send(browser, target.start(target.user))
    assert target.whoami(browser) is None


def test_a_user_starts_nothing(understudy_attack_target: AttackTarget) -> None:
    """Any account could become any other, or all may by default: GitLab, CVE-2016-4340."""
    target = understudy_attack_target
    browser = target.browser(target.other)
    target.send(browser, target.start(target.user))
    assert target.whoami(browser) == target.other


def test_nobody_becomes_an_administrator(understudy_attack_target: AttackTarget) -> None:
    """Support staff who become their superiors have their powers: twenty, GHSA-q7fm-83gr-cqg5."""
    target = understudy_attack_target
    browser = target.browser(target.agent)
    target.send(browser, target.start(target.admin))
    assert target.whoami(browser) == target.agent


def test_a_link_starts_nothing(understudy_attack_target: AttackTarget) -> None:
    """A GET that starts is a link that anybody can send: spring#4183, django-impersonate."""
    target = understudy_attack_target
    browser = target.browser(target.agent)
    start = target.start(target.user)
    fields = start.form or start.json or {}
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    browser.open(f"{start.path}?{query}" if query else start.path)
    assert target.whoami(browser) == target.agent


def test_a_link_ends_nothing(understudy_attack_target: AttackTarget) -> None:
    """An image on any page that ends sessions turns the agent's next click into their own."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    browser.open(target.stop.path)
    assert target.whoami(browser) == target.user


def test_another_site_starts_and_ends_nothing(understudy_attack_target: AttackTarget) -> None:
    """Forged forms: hcb#4676, laravel-impersonate#78."""
    target = understudy_attack_target
    browser = target.browser(target.agent)
    browser.foreign(target.start(target.user))
    assert target.whoami(browser) == target.agent
    browser = target.working_as(target.user)
    browser.foreign(target.stop)
    assert target.whoami(browser) == target.user


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_neither_start_nor_end_leads_to_another_site(
    understudy_attack_target: AttackTarget, elsewhere: str
) -> None:
    """Open redirects and script in a destination: django-impersonate up to 1.9.3, loginas."""
    target = understudy_attack_target
    browser = target.browser(target.agent)
    answers = [target.send(browser, _leading(target.start(target.user), elsewhere))]
    browser = target.working_as(target.user)
    answers.append(target.send(browser, _leading(target.stop, elsewhere)))
    for answer in answers:
        _stays(answer.headers.get("location", "/"), browser.origin)


def test_the_agents_own_sign_in_is_left_alone(understudy_attack_target: AttackTarget) -> None:
    """The way back lay in what the browser holds: devise_masquerade, CVE-2021-28680."""
    target = understudy_attack_target
    browser = target.browser(target.agent)
    before = target.own_cookies(browser)
    target.send(browser, target.start(target.user))
    assert target.own_cookies(browser) == before
    target.send(browser, target.stop)
    assert target.own_cookies(browser) == before
    assert target.whoami(browser) == target.agent


def test_a_start_within_a_session_is_refused(understudy_attack_target: AttackTarget) -> None:
    """A second start forgets who began: devise_masquerade#20, expertiza#981."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    target.send(browser, target.start(target.other))
    assert target.whoami(browser) == target.user
    target.send(browser, target.stop)
    assert target.whoami(browser) == target.agent


@pytest.mark.parametrize("first", [0, 1])
def test_two_agents_of_one_user_go_home_to_themselves(
    understudy_attack_target: AttackTarget, first: int
) -> None:
    """Owners kept under the user's key were swapped: devise_masquerade#94."""
    target = understudy_attack_target
    agents = (target.agent, target.colleague)
    browsers = [target.working_as(target.user, agent=one) for one in agents]
    for place in (first, 1 - first):
        target.send(browsers[place], target.stop)
        assert target.whoami(browsers[place]) == agents[place]


def test_the_user_sees_no_way_to_become_the_agent(understudy_attack_target: AttackTarget) -> None:
    """State was bound to the user, whose own "exit" made them the administrator: daikoku#1102."""
    target = understudy_attack_target
    target.working_as(target.user)
    device = target.browser(target.user)
    target.send(device, target.stop)
    assert target.whoami(device) in (target.user, None)


def test_no_cookie_of_a_session_can_be_changed(understudy_attack_target: AttackTarget) -> None:
    """Whoever can change what the browser holds chooses whom it becomes: CVE-2021-28680."""
    target = understudy_attack_target
    held = target.working_as(target.user).cookies()
    for name in held.keys() - set(target.login_cookies):
        browser = target.working_as(target.user)
        value = browser.cookies()[name]
        browser.plant(name, ("A" if value[:1] != "A" else "B") + value[1:])
        assert target.whoami(browser) in (None, target.user, target.agent), name


def test_a_header_makes_nobody(understudy_attack_target: AttackTarget) -> None:
    """The presence of a header stood for its truth: code100x, CVE-2026-8890."""
    target = understudy_attack_target
    for name in PRETENDED:
        browser = target.browser(target.other)
        browser.open("/", headers={name: target.user})
        assert target.whoami(browser) == target.other, name


def test_a_session_ends_with_its_agents_account(understudy_attack_target: AttackTarget) -> None:
    """Sessions outlived their agent's demotion: ezauth#199, hijack, loginas."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    target.disable(target.agent)
    assert target.whoami(browser) != target.user


def test_a_session_ends_by_time(understudy_attack_target: AttackTarget) -> None:
    """No end of its own, or one that nobody asked: Hephaestus#1885, better-auth#1465."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    target.later(LONGEST)
    assert target.whoami(browser) != target.user


def test_leaving_works_when_the_user_is_disabled(understudy_attack_target: AttackTarget) -> None:
    """The way out was asked of the user's account, and agents were stuck: casdoor#5459."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    target.disable(target.user)
    target.send(browser, target.stop)
    assert target.whoami(browser) == target.agent


def test_what_only_the_user_may_do_is_refused(understudy_attack_target: AttackTarget) -> None:
    """Passwords were changed in sessions, and a slash more or less let it through: PostHog."""
    target = understudy_attack_target
    assert target.dangerous, "The target names nothing that is dangerous."
    browser = target.working_as(target.user)
    for sending in target.dangerous:
        for path in _spellings(sending.path):
            answer = target.send(browser, replace(sending, path=path))
            refused = answer.is_client_error or answer.is_redirect
            assert refused, f"{sending.method} {path}: {answer.status_code}"
        answer = target.send(browser, sending)
        assert answer.is_client_error, f"{sending.method} {sending.path}: {answer.status_code}"


def test_a_change_is_put_down_to_both_people(understudy_attack_target: AttackTarget) -> None:
    """Work was put down to the customer, or to nobody: PostHog, tooling-trusted-releases#957."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    answer = target.send(browser, target.change)
    assert answer.is_success or answer.is_redirect, answer.status_code
    assert (target.agent, target.user) in target.recorded()


def test_pages_of_a_session_are_not_kept(understudy_attack_target: AttackTarget) -> None:
    """After the end, the browser's way back shows the user's pages to whoever sits there next."""
    target = understudy_attack_target
    browser = target.working_as(target.user)
    assert "no-store" in browser.open("/").headers.get("cache-control", "")


def _leading(sending: Sending, elsewhere: str) -> Sending:
    """The same with every name under which apps look for a destination."""
    query = "&".join(f"{name}={elsewhere}" for name in DESTINATIONS)
    if sending.form is None:
        return replace(sending, path=f"{sending.path}?{query}")
    return replace(
        sending,
        path=f"{sending.path}?{query}",
        form={**dict.fromkeys(DESTINATIONS, elsewhere), **sending.form},
    )


def _stays(location: str, origin: str) -> None:
    went = urlsplit(location.replace("\\", "/"))
    assert went.scheme in ("", "https", "http"), location
    assert went.netloc in ("", urlsplit(origin).netloc), location


def _spellings(path: str) -> tuple[str, ...]:
    """Ways of writing one path that some layer takes for the same."""
    head, _, last = path.rstrip("/").rpartition("/")
    return (
        f"{head}/{last}/",
        f"{head}//{last}",
        f"{head}/{last.upper()}",
        f"{head}/%{ord(last[0]):02x}{last[1:]}",
        f"{head}/x/../{last}",
    )
