"""What senders do in a session, by policy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fixtures.impersonation import SESSION, restricted
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating, SetupError
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.attribution import Attribution, attributed_to
from understudy.sdk.context import Impersonation, OwnRequest, Present, entered
from understudy.sdk.effects import held
from understudy.sdk.effects.side_effects import SideEffects
from understudy.sdk.values import ActiveSession, Phase


class Told:
    """What the log is told, and what is to be done at the end of the session."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str | None]] = []
        self.ends: list[Callable[[], object]] = []

    def tell(
        self, phase: Phase, *, kind: str, did: str | None = None, reference: str | None = None
    ) -> None:
        assert (phase, reference) == (Phase.EFFECT, None)
        self.did.append((kind, did))

    def at_end(self, deed: Callable[[], object]) -> None:
        self.ends.append(deed)


@pytest.fixture
def told() -> Told:
    return Told()


def present(
    told: Told | None, session: ActiveSession = SESSION, *, unlocked: bool = False
) -> Present:
    return Present(Impersonation.of(session, told=told), unlocked=unlocked)


READ_ONLY = replace(SESSION, restrictions=restricted(scope=Scope.READ_ONLY))


@pytest.mark.parametrize(
    ("policy", "sent", "did"),
    [
        ("send", ["hi"], "sent"),
        ("hold", [], "held"),
        ("drop", [], "dropped"),
        ("mark", ["hi, by support"], "marked"),
    ],
)
def test_a_message_goes_by_its_policy(told: Told, policy: str, sent: list[str], did: str) -> None:
    went: list[str] = []
    effects = SideEffects({"sms": policy})
    send = effects.sender("sms", went.append, mark=lambda text: went.append(f"{text}, by support"))
    with entered(present(told)):
        send("hi")
    assert (went, told.did) == (sent, [("sms", did)])


def test_what_is_refused_is_so_before_anything_is_sent(told: Told) -> None:
    went: list[int] = []
    pay = SideEffects().sender("payment", went.append)
    request = present(told)
    with entered(request), pytest.raises(ForbiddenWhileImpersonating):
        pay(500)
    assert (went, told.did, request.forbidden) == ([], [("payment", "refused")], True)


@pytest.mark.parametrize(
    ("kind", "can_mark", "did"),
    [
        ("email", False, "held"),
        ("fax", True, "held"),
        ("webhook", True, "marked"),
        # What cannot be marked must not go out as the user's own.
        ("webhook", False, "held"),
    ],
)
def test_what_nobody_has_said(told: Told, kind: str, can_mark: bool, did: str) -> None:
    mark = (lambda: None) if can_mark else None
    with entered(present(told)):
        SideEffects().sender(kind, lambda: None, mark=mark)()
    assert told.did == [(kind, did)]


def test_other_kinds_have_a_policy_of_the_apps(told: Told) -> None:
    effects = SideEffects({"*": "send", "sms": "drop"})
    with entered(present(told)):
        effects.sender("fax", lambda: None)()
        effects.sender("sms", lambda: None)()
    assert told.did == [("fax", "sent"), ("sms", "dropped")]


@pytest.mark.parametrize("given", [{"sms": "post"}, {"a b": "send"}, {"SMS": "send"}])
def test_a_policy_that_is_none_is_a_mistake(given: dict[str, str]) -> None:
    with pytest.raises(SetupError):
        SideEffects(given)
    with pytest.raises(SetupError):
        SideEffects().sender("a b", print)


@pytest.mark.parametrize("policy", ["send", "hold", "mark"])
def test_a_session_that_only_reads_sends_nothing(told: Told, policy: str) -> None:
    went: list[str] = []
    send = SideEffects({"sms": policy}).sender("sms", went.append, mark=went.append)
    with entered(present(told, READ_ONLY)):
        send("hi")
    assert (went, told.did) == ([], [("sms", "dropped")])
    with entered(present(told, READ_ONLY, unlocked=True)):
        send("hi")
    assert told.did[1] != ("sms", "dropped")


def test_what_is_held_is_sent_once_or_dropped_at_the_end(told: Told) -> None:
    went: list[str] = []
    effects = SideEffects()
    send = effects.sender("sms", went.append, otherwise="waits")
    with entered(present(told)):
        assert [send("one"), send("two")] == ["waits", "waits"]
    assert [one.kind for one in effects.held(SESSION.id)] == ["sms", "sms"]
    assert effects.release(SESSION.id) == [None, None]
    assert (went, effects.held(SESSION.id)) == (["one", "two"], ())
    with entered(present(told)):
        send("three")
    for end in told.ends:
        end()
    assert effects.release(SESSION.id) == []
    assert went == ["one", "two"]
    assert [did for _, did in told.did] == ["held"] * 2 + ["released"] * 2 + ["held", "dropped"]


def test_one_that_fails_holds_up_no_other(told: Told) -> None:
    went: list[str] = []

    def send(text: str) -> None:
        if text == "bad":
            raise ConnectionError
        went.append(text)

    effects = SideEffects()
    wrapped = effects.sender("sms", send)
    with entered(present(told)):
        wrapped("bad")
        wrapped("good")
    with pytest.raises(ConnectionError):
        effects.release(SESSION.id)
    assert went == ["good"]
    assert [did for _, did in told.did][2:] == ["failed", "released"]


def test_only_so_much_is_held(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_OF_SESSION", 1)
    effects = SideEffects()
    with entered(present(told)):
        for _ in range(2):
            effects.sender("sms", lambda: None)()
    assert len(effects.held(SESSION.id)) == 1
    assert told.did[-1] == ("sms", "dropped")


def test_an_async_sender_is_awaited(told: Told) -> None:
    went: list[str] = []

    async def send(text: str) -> str:
        went.append(text)
        return "accepted"

    effects = SideEffects({"push": "send"})
    push, text = effects.sender("push", send), effects.sender("sms", send, otherwise="waits")
    with entered(present(told)):
        assert asyncio.run(push("a")) == "accepted"
        assert asyncio.run(text("b")) == "waits"
    (answer,) = effects.release(SESSION.id)
    assert asyncio.run(answer) == "accepted"
    assert went == ["a", "b"]


def test_users_and_the_app_itself_send(told: Told) -> None:
    went: list[str] = []
    send = SideEffects({"sms": "drop"}).sender("sms", went.append)
    send("nobody")
    with OwnRequest():
        send("a user")
    assert went == ["nobody", "a user"]


@pytest.mark.parametrize(("policy", "sent"), [("send", 1), ("hold", 0), ("drop", 0)])
def test_a_job_goes_by_the_same_policies(policy: str, sent: int) -> None:
    went: list[str] = []
    caused = Attribution(session_id="ses_1", actor_id="opr_1", subject_id="42")
    with attributed_to(caused):
        SideEffects({"sms": policy}).sender("sms", went.append)("hi")
        with pytest.raises(ForbiddenWhileImpersonating):
            SideEffects().sender("payment", went.append)("hi")
    assert len(went) == sent


def test_what_is_sent_by_nobody_known_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(AT_WORK, "anybody", lambda: True)
    went: list[str] = []
    SideEffects().sender("sms", went.append)("hi")
    assert went == ["hi"]
    assert "outside of any known request" in caplog.text
