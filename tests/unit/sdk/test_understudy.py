"""The app's handle."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.context import Impersonation, Present, entered
from understudy.sdk.read_only import SafeMethodsOnly
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Wire
from understudy.testing import FakeGateway


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def understudy(gateway: FakeGateway) -> Iterator[Understudy]:
    understudy = gateway.understudy()
    yield understudy
    understudy.close()


def test_starting_gives_the_cookie_for_the_actors_browser(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open()
    started = understudy.start(gateway.offer(session, return_to="/orders"))
    assert started.session.id == session.id
    assert started.return_to == "/orders"
    assert started.set_cookie.startswith(f"__Host-understudy={session.token}; Path=/; Max-Age=")
    assert started.set_cookie.endswith("; Secure; HttpOnly; SameSite=Lax")


def test_what_was_started_does_not_show_its_token(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open()
    assert session.token not in repr(understudy.start(gateway.offer(session)))


def test_a_started_session_is_served_without_asking_again(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    understudy.start(gateway.offer(gateway.open()))
    assert gateway.calls.count("refresh") == 0


def test_one_line_revokes_all_sessions_of_an_actor_and_serves_none_of_them_here(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open(actor_id="kim")
    understudy.start(gateway.offer(session))
    cache = understudy.runtime().cache
    over = threading.Event()
    cache.watch(session.id, over.set)
    understudy.revoke_sessions_of("kim")
    assert gateway.wait_until_ended(session.id) is EndCause.REVOKED
    assert over.wait(5)


def test_a_process_that_ends_at_once_has_told_the_service(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open(actor_id="kim")
    understudy.revoke_sessions_of("kim")
    understudy.close()
    assert gateway.ended(session.id) is EndCause.REVOKED


@pytest.mark.parametrize("actor_id", ["", "a\nb", "a" * 256])
def test_what_is_no_actors_id_is_refused(understudy: Understudy, actor_id: str) -> None:
    with refusal_of(errors.InvalidInput, "invalid_input", field="actor_id"):
        understudy.revoke_sessions_of(actor_id)


def test_a_token_starts_one_session(gateway: FakeGateway, understudy: Understudy) -> None:
    token = gateway.offer(gateway.open())
    understudy.start(token)
    with pytest.raises(errors.TokenInvalid) as refused:
        understudy.start(token)
    assert refused.value.code == "token_invalid"


@pytest.mark.parametrize("wire", [Wire.STYTCH, Wire.CLERK])
def test_a_token_of_another_wire_starts_when_it_is_named(
    gateway: FakeGateway, understudy: Understudy, wire: Wire
) -> None:
    session = gateway.open()
    token = gateway.offer(session, wire=wire)
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        understudy.start(token)
    assert understudy.start(token, wire=wire.value).session.id == session.id


@pytest.mark.parametrize("wire", ["code", "delegated", "saml", ""])
def test_a_wire_that_tokens_do_not_come_by_is_a_set_up_error(
    gateway: FakeGateway, understudy: Understudy, wire: str
) -> None:
    with pytest.raises(errors.SetupError) as refused:
        understudy.start("usi_1", wire=wire)
    assert refused.value.code == "setup_error"
    assert gateway.calls == []


def test_no_nesting_an_impersonated_request_starts_nothing(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    token = gateway.offer(gateway.open())
    with entered(Present(Impersonation.of(SESSION))), pytest.raises(errors.Refused) as refused:
        understudy.start(token)
    assert refused.value.rule == "nested"
    assert "exchange" not in gateway.calls


def test_a_service_that_is_away_starts_nothing(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    gateway.reachable = False
    with refusal_of(errors.Unavailable, "unavailable"):
        understudy.start("usi_1")


def test_threads_share_one_runtime(understudy: Understudy) -> None:
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(understudy.runtime())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(set(map(id, found))) == 1


def test_each_process_has_its_own(understudy: Understudy, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = understudy.runtime()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: parents.pid + 1)
        own = understudy.runtime()
        assert own is not parents
        understudy.close()
    assert understudy.runtime() is parents


def test_a_closed_handle_can_be_used_again(gateway: FakeGateway, understudy: Understudy) -> None:
    understudy.start(gateway.offer(gateway.open()))
    understudy.close()
    understudy.close()
    again = gateway.open()
    assert understudy.start(gateway.offer(again)).session.id == again.id


def test_a_remote_handle_knows_where_browsers_go() -> None:
    inside = Understudy.remote(
        "http://127.0.0.1:8700/", "app_1", "usk_1", public_url="https://understudy.test/"
    )
    assert inside.client.issuer == "https://understudy.test"
    assert Understudy.remote("http://127.0.0.1:8700/", "app_1", "usk_1").client.issuer == (
        "http://127.0.0.1:8700"
    )


def test_a_remote_handle_may_name_its_redirect_url() -> None:
    named = Understudy.remote(
        "http://127.0.0.1:8700", "app_1", "usk_1", redirect_url="https://app.test/cb"
    )
    assert named.client.redirect_url == "https://app.test/cb"


@pytest.mark.parametrize(("application_id", "secret"), [("", "usk_1"), ("app_1", "")])
def test_a_remote_handle_without_credentials_is_a_set_up_error(
    application_id: str, secret: str
) -> None:
    with refusal_of(errors.SetupError, "setup_error"):
        Understudy.remote("http://127.0.0.1:8700", application_id, secret)


def test_a_remote_handle_does_not_show_its_secret() -> None:
    understudy = Understudy.remote("http://127.0.0.1:8700", "app_1", "usk_secret")
    assert "usk_secret" not in repr(understudy) + repr(understudy.client)


def test_making_a_remote_handle_connects_to_nothing() -> None:
    understudy = Understudy.remote("http://127.0.0.1:1", "app_1", "usk_1")
    assert repr(understudy.runtime().gateway) == "RemoteGateway('http://127.0.0.1:1', 'app_1')"
    understudy.close()


def test_a_remote_handle_has_something_to_load_before_it_asks() -> None:
    understudy = Understudy.remote("http://127.0.0.1:1", "app_1", "usk_1")
    assert not understudy.runtime().is_loaded
    understudy.close()


def test_launch_cookies_are_not_sealed_with_the_secret_itself() -> None:
    understudy = Understudy.remote("http://127.0.0.1:8700", "app_1", "usk_secret")
    assert understudy.client.key.reveal() != "usk_secret"


def test_a_remote_handle_takes_a_read_only_policy() -> None:
    policy = SafeMethodsOnly()
    understudy = Understudy.remote("http://127.0.0.1:1", "app_1", "usk_1", read_only=policy)
    assert understudy._read_only is policy
