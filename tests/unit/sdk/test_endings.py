"""All live sessions of actors end, whatever the service does meanwhile."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

import pytest

from tests.fixtures.impersonation import ManualTime
from tests.integration.abuse.servers import eventually
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import NotFound, Unavailable
from understudy.sdk import ending as ending_module
from understudy.sdk import outbox
from understudy.sdk.endings import LONGEST_SECONDS, Endings
from understudy.sdk.state_file import StateFiles
from understudy.testing import FakeGateway

SECONDS = 5.0


class Service(FakeGateway):
    """Does each of ``faults`` once, by the session whose end it meets; ``looks`` were for whom."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[tuple[str, bool | Exception]] = []
        self.looks: list[set[str]] = []
        self.looked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        found = super().sessions_of(actor_ids)
        self.looks.append(set(actor_ids))
        self.looked.set()
        self.may_answer.wait(SECONDS)
        return found

    def end(self, session_id: str, cause: EndCause) -> bool:
        fault = next((one for one in self.faults if one[0] == session_id), None)
        if fault is not None:
            self.faults.remove(fault)
            if isinstance(fault[1], Exception):
                raise fault[1]
        return super().end(session_id, cause) and fault is None


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(outbox, "LONGEST_PAUSE", 0.05)
    yield
    left = [one for one in threading.enumerate() if one.name == "understudy-endings"]
    for thread in left:
        thread.join(SECONDS)
        assert not thread.is_alive(), "one was left running"


def state_in(directory: Path) -> StateFiles:
    return StateFiles(directory, client_id="app_test")


def endings_to(service: Service, state: StateFiles | None = None) -> Endings:
    return Endings(gateway=service, monotonic=ManualTime().monotonic, state=state)


def test_all_sessions_of_an_actor_are_revoked_and_nobody_elses(service: Service) -> None:
    theirs = [service.open(actor_id="kim").id for _ in range(2)]
    of_another = service.open(actor_id="lee").id
    endings = endings_to(service)
    endings.revoke_of("kim")
    assert endings.close(SECONDS) == 0
    assert [service.ended(one) for one in theirs] == [EndCause.REVOKED] * 2
    assert service.ended(of_another) is None


def test_who_leaves_while_the_service_is_away_loses_their_session_when_it_is_back(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    session_id = service.open(actor_id="kim").id
    service.reachable = False
    endings = endings_to(service)
    endings.revoke_of("kim")
    service.wait_for_calls("sessions_of", at_least=2)
    assert service.ended(session_id) is None
    service.reachable = True
    assert service.wait_until_ended(session_id) is EndCause.REVOKED
    assert endings.close(SECONDS) == 0
    assert "not known to Understudy yet: unavailable" in caplog.text


def test_who_leaves_is_written_down_by_their_id_alone_for_the_next_process(
    service: Service, tmp_path: Path
) -> None:
    session_id = service.open(actor_id="kim").id
    service.reachable = False
    endings = endings_to(service, state_in(tmp_path))
    endings.revoke_of("kim")
    # Before any stop, which need not be a graceful one.
    eventually(lambda: [one.suffix for one in tmp_path.iterdir()] == [".json"])
    endings.revoke_of("lee")
    assert endings.close(0.1) == 0
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_bytes()) == {"actor_ids": ["kim", "lee"]}
    service.reachable = True
    later = endings_to(service, state_in(tmp_path))
    assert later.resume() == []
    assert later.close(SECONDS) == 0
    assert service.ended(session_id) is EndCause.REVOKED
    assert list(tmp_path.iterdir()) == []


def test_ten_thousand_who_leave_at_once_are_one_question_one_thread_and_one_file(
    service: Service, tmp_path: Path
) -> None:
    everybody = {f"visitor-{number}" for number in range(10_000)}
    session_id = service.open(actor_id="visitor-7").id
    service.reachable = False
    endings = endings_to(service, state_in(tmp_path))
    before = threading.active_count()
    for actor_id in [*everybody, *everybody]:
        endings.revoke_of(actor_id)
    assert threading.active_count() <= before + 1
    service.wait_for_calls("sessions_of", at_least=2)
    assert len(endings._waiting) == 1
    eventually(lambda: len(list(tmp_path.glob("*.json"))) == 1)
    service.reachable = True
    service.wait_until_ended(session_id)
    assert endings.close(SECONDS) == 0
    assert service.looks == [everybody] * len(service.looks)
    assert len(service.looks) <= 3


def test_more_than_can_be_kept_are_lost_aloud(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ending_module, "MAX_ACTORS", 2)
    monkeypatch.setattr(outbox, "FIRST_PAUSE", SECONDS)
    endings = endings_to(service)
    for actor_id in ("kim", "lee", "lee", "max"):
        endings.revoke_of(actor_id)
    assert caplog.text.count("1 endings are lost") == 1
    assert endings.close(SECONDS) == 0
    assert service.looks == [{"kim", "lee"}]


def test_one_session_that_cannot_be_ended_yet_keeps_no_other_from_its_end_and_is_tried_again(
    service: Service,
) -> None:
    first, second = (service.open(actor_id="kim").id for _ in range(2))
    service.faults = [(first, Unavailable())] * 3
    endings = endings_to(service)
    endings.revoke_of("kim")
    service.wait_until_ended(second)
    service.wait_until_ended(first)
    assert endings.close(SECONDS) == 0
    assert service.faults == []


def test_a_revocation_is_repeated_until_the_log_has_it(service: Service) -> None:
    session_id = service.open(actor_id="kim").id
    service.faults = [(session_id, False)] * 3
    endings = endings_to(service)
    endings.revoke_of("kim")
    eventually(lambda: not service.faults)
    assert endings.close(SECONDS) == 0
    assert service.calls.count("end") == 4


def test_who_is_named_again_while_they_are_looked_for_is_looked_for_again(
    service: Service,
) -> None:
    service.may_answer.clear()
    endings = endings_to(service)
    endings.revoke_of("kim")
    assert service.looked.wait(SECONDS)
    began_since = service.open(actor_id="kim").id
    endings.revoke_of("kim")
    service.may_answer.set()
    assert service.wait_until_ended(began_since) is EndCause.REVOKED
    assert endings.close(SECONDS) == 0


def test_a_service_that_knows_no_such_question_is_asked_again(service: Service) -> None:
    session_id = service.open(actor_id="kim").id
    answers = iter([NotFound(), NotFound()])
    known = service.sessions_of

    def unknown(actor_ids: Set[str]) -> Sequence[str]:
        for refusal in answers:
            raise refusal
        return known(actor_ids)

    service.sessions_of = unknown  # type: ignore[method-assign]
    endings = endings_to(service)
    endings.revoke_of("kim")
    assert service.wait_until_ended(session_id) is EndCause.REVOKED
    assert endings.close(SECONDS) == 0


def test_leavers_are_given_up_when_no_session_of_theirs_can_live_any_more(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    time = ManualTime()
    service.reachable = False
    endings = Endings(gateway=service, monotonic=time.monotonic, state=state_in(tmp_path))
    for actor_id in ("kim", "lee"):
        endings.revoke_of(actor_id)
    service.wait_for_calls("sessions_of", at_least=2)
    time.advance(LONGEST_SECONDS)
    eventually(lambda: "2 endings are lost" in caplog.text)
    assert endings.close(SECONDS) == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_stop_leaves_of_leavers_is_counted(service: Service) -> None:
    service.reachable = False
    endings = endings_to(service)
    for actor_id in ("kim", "lee"):
        endings.revoke_of(actor_id)
    assert endings.close(0.1) == 2
