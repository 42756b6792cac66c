"""Asking the service, and what its answers mean."""

from __future__ import annotations

import pytest

from tests.fixtures.impersonation import OPENED, TOKEN, ManualTime, an_opened
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.pulse import Pulse
from understudy.sdk.secret import Secret
from understudy.sdk.sessions import Sessions
from understudy.sdk.values import Actor, Opened, Presented
from understudy.testing import FakeGateway

KEY = token_hash(TOKEN.reveal())


class Answering(FakeGateway):
    """Gives one answer, or raises it."""

    def __init__(self, answer: Opened | Exception) -> None:
        super().__init__()
        self.answer = answer

    def refresh(self, session_token: Secret) -> Opened:
        return self._give()

    def exchange(self, presented: Presented) -> Opened:
        return self._give()

    def request(self, ask: Ask) -> Granted:
        raise self._give()  # type: ignore[misc]  # what the service says no with

    def _give(self) -> Opened:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def asking(answer: Opened | Exception) -> Sessions:
    time, pulse = ManualTime(), Pulse()
    cache = SessionCache(pulse=pulse, monotonic=time.monotonic)
    pulse.connected()
    pulse.beat(time.monotonic())
    return Sessions(gateway=Answering(answer), cache=cache, pulse=pulse, monotonic=time.monotonic)


def test_a_refreshed_session_is_kept() -> None:
    sessions = asking(OPENED)
    held = sessions.refresh(TOKEN)
    assert isinstance(held, Held)
    assert sessions.cache.find(KEY) is held


@pytest.mark.parametrize(
    "refusal",
    [
        errors.SessionOver(),
        errors.TokenInvalid(),
        errors.NotFound(),
        errors.Refused(rule="subject_protected"),
    ],
)
def test_a_session_that_the_service_does_not_serve_is_over(refusal: Exception) -> None:
    sessions = asking(refusal)
    assert sessions.refresh(TOKEN) == Ended(cause=None)
    assert sessions.cache.find(KEY) == Ended(cause=None)


def test_the_services_cause_is_kept() -> None:
    over = errors.SessionOver(facts={"cause": EndCause.IDLE})
    assert asking(over).refresh(TOKEN) == Ended(cause=EndCause.IDLE)


def test_a_cause_of_another_kind_is_none() -> None:
    assert asking(errors.SessionOver(facts={"cause": "idle"})).refresh(TOKEN) == Ended(cause=None)


@pytest.mark.parametrize(
    "fault", [errors.Unavailable(), errors.NotSignedIn(), errors.TooManyRequests()]
)
def test_no_answer_is_no_word_about_the_session(fault: Exception) -> None:
    sessions = asking(fault)
    with refusal_of(errors.Unavailable, "unavailable"):
        sessions.refresh(TOKEN)
    assert sessions.cache.find(KEY) is None


def test_an_answer_for_another_session_is_not_believed() -> None:
    sessions = asking(an_opened(token=Secret("uss_other")))
    with refusal_of(errors.Unavailable, "unavailable"):
        sessions.refresh(TOKEN)


def test_wrong_credentials_are_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with refusal_of(errors.Unavailable, "unavailable"):
        asking(errors.NotSignedIn()).refresh(TOKEN)
    assert "not_signed_in" in caplog.text


def test_an_exchanged_session_is_served_at_once() -> None:
    sessions = asking(OPENED)
    assert sessions.exchange(Presented(token=Secret("usi_1"))) == OPENED
    assert isinstance(sessions.cache.find(KEY), Held)


@pytest.mark.parametrize("refusal", [errors.TokenInvalid(), errors.Refused(rule="protected")])
def test_a_refused_exchange_says_why(refusal: errors.UnderstudyError) -> None:
    with pytest.raises(type(refusal)) as raised:
        asking(refusal).exchange(Presented(token=Secret("usi_1")))
    assert raised.value.code == refusal.code


def test_an_exchange_without_an_answer_is_unavailable() -> None:
    with refusal_of(errors.Unavailable, "unavailable"):
        asking(errors.NotSignedIn()).exchange(Presented(token=Secret("usi_1")))


class Losing(FakeGateway):
    """Has one session, and gives ``faults`` in turn before it answers."""

    def __init__(self, *faults: Exception) -> None:
        super().__init__()
        self.faults = list(faults)
        self.asked: list[Presented] = []

    def exchange(self, presented: Presented) -> Opened:
        self.asked.append(presented)
        if self.faults:
            raise self.faults.pop(0)
        return OPENED


class Patience:
    """A clock that the pauses move, and nothing else but ``slow`` answers."""

    def __init__(self, *faults: Exception, slow: float = 0.0) -> None:
        self.gateway = Losing(*faults)
        self.now = 0.0
        self.slow = slow
        self.pauses: list[float] = []
        pulse = Pulse()
        self.sessions = Sessions(
            gateway=self.gateway,
            cache=SessionCache(pulse=pulse, monotonic=self.monotonic),
            pulse=pulse,
            monotonic=self.monotonic,
            new_attempt=lambda: f"attempt-{len(self.gateway.asked)}",
            pause=self.pauses.append,
        )

    def monotonic(self) -> float:
        return self.now + self.slow * len(self.gateway.asked)

    def exchange(self) -> Opened:
        return self.sessions.exchange(Presented(token=Secret("usi_1")))

    @property
    def attempts(self) -> list[str | None]:
        return [one.attempt.reveal() if one.attempt else None for one in self.gateway.asked]


LOST = errors.OutcomeUnknown(internal="gone")


def test_an_exchange_whose_answer_got_lost_is_asked_for_again_under_the_same_name() -> None:
    patience = Patience(LOST, errors.Unavailable())
    assert patience.exchange() == OPENED
    assert patience.attempts == ["attempt-0"] * 3
    assert patience.pauses == [0.25, 1.0]


def test_each_exchange_has_a_name_of_its_own() -> None:
    patience = Patience()
    patience.exchange()
    patience.exchange()
    assert patience.attempts == ["attempt-0", "attempt-1"]


@pytest.mark.parametrize("last", [LOST, errors.Unavailable(), errors.InvalidInput()])
def test_an_exchange_that_stays_unanswered_is_not_said_to_have_changed_nothing(
    last: errors.UnderstudyError,
) -> None:
    patience = Patience(LOST, LOST, last)
    with refusal_of(errors.OutcomeUnknown, "outcome_unknown") as raised:
        patience.exchange()
    assert "nothing" not in raised.value.detail
    assert "Launch it once more" in raised.value.detail
    assert len(patience.attempts) == 3


def test_no_further_try_begins_when_a_person_has_waited_long() -> None:
    patience = Patience(LOST, LOST, slow=4.0)
    with refusal_of(errors.OutcomeUnknown, "outcome_unknown"):
        patience.exchange()
    assert len(patience.attempts) == 2


def test_what_was_not_done_is_not_asked_for_again() -> None:
    patience = Patience(errors.Unavailable())
    with refusal_of(errors.Unavailable, "unavailable"):
        patience.exchange()
    assert len(patience.attempts) == 1


def test_a_refusal_after_a_lost_answer_is_a_refusal() -> None:
    patience = Patience(LOST, errors.TokenInvalid())
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        patience.exchange()
    assert len(patience.attempts) == 2


def test_a_service_that_knows_no_attempts_is_asked_once_without() -> None:
    patience = Patience(errors.InvalidInput())
    assert patience.exchange() == OPENED
    assert patience.attempts == ["attempt-0", None]


def test_what_was_sent_without_a_name_is_never_sent_again() -> None:
    patience = Patience(errors.InvalidInput(), LOST)
    with refusal_of(errors.OutcomeUnknown, "outcome_unknown"):
        patience.exchange()
    assert patience.attempts == ["attempt-0", None]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (errors.Refused(rule="nested"), errors.Refused),
        (errors.InvalidInput(), errors.InvalidInput),
        (errors.TooManyRequests(), errors.TooManyRequests),
        (errors.StorageBusy(), errors.StorageBusy),
        # Nobody got the token, so that nothing has begun whatever became of the request.
        (errors.OutcomeUnknown(), errors.Unavailable),
        # A fault of the set-up, and no word about what was asked for.
        (errors.NotSignedIn(), errors.Unavailable),
    ],
)
def test_what_becomes_of_a_request_is_told_as_far_as_it_is_known(
    says: errors.UnderstudyError, told: type[errors.UnderstudyError]
) -> None:
    ask = Ask(actor=Actor(id="7"), subject_id="42", reason="why")
    with refusal_of(told, told.code, **says.facts):
        asking(says).request(ask)
