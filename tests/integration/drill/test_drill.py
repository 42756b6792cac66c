"""One agent, one admin, one application's backend and one writer of the database try at random.

Each makes 2,000 tries on each database: to act without a trace, to keep a session alive after its
end, or to work as somebody above them. The service and its flows are the real ones, called over
HTTP in this process. A model, which reads no entry, says after each try what the log must tell.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.integration.drill.admin import Admin
from tests.integration.drill.agent import Agent
from tests.integration.drill.backend import Backend
from tests.integration.drill.stage import Stage, staged
from tests.integration.drill.tries import require_as_it_is
from tests.integration.drill.writer import Writer
from understudy.core.notices.events import EventType
from understudy.flows.impersonation.expire import expire

PARTS, RUNS, ROUNDS = 4, 5, 100
"""Tests, installations in each, and rounds there: in a round each of the four tries once."""

_AGENT, _ADMIN, _BACKEND, _WRITER = Agent(), Admin(), Backend(), Writer()
AGENT = (_AGENT.ask, _AGENT.ask, _AGENT.hand_off, _AGENT.hand_off, _AGENT.hand_off,
         _AGENT.ask_as_another, _AGENT.cancel, _AGENT.end, _AGENT.rise)  # fmt: skip
ADMIN = (_ADMIN.impersonate, _ADMIN.switch, _ADMIN.retention, _ADMIN.agent, _ADMIN.role,
         _ADMIN.revoke, _ADMIN.hold, _ADMIN.act_in_session)  # fmt: skip
BACKEND = (_BACKEND.start, _BACKEND.start, _BACKEND.exchange, _BACKEND.exchange, _BACKEND.refresh,
           _BACKEND.act, _BACKEND.end, _BACKEND.protect, _BACKEND.reach)  # fmt: skip
WRITER = (_WRITER.plant_session, _WRITER.plant_sign_in, _WRITER.plant_link, _WRITER.widen,
          _WRITER.widen, _WRITER.revive, _WRITER.unprotect, _WRITER.promote,
          _WRITER.delete_session, _WRITER.delete_entry, _WRITER.change_entry)  # fmt: skip

Move = Callable[[Stage, int], None]
FOUR: Mapping[str, tuple[Move, ...]] = {
    "agent": AGENT, "admin": ADMIN, "backend": BACKEND, "writer": WRITER,
}  # fmt: skip
SECONDS = (0, 0, 0, 1, 30, 240)
"""What goes by after a round."""


def _round(stage: Stage, chance: random.Random, tries: Counter[str]) -> None:
    """Each of the four tries once; ``tries`` counts who tried what."""
    for who, moves in FOUR.items():
        move, number = chance.choice(moves), chance.randrange(1000)
        tries[who] += 1
        tries[f"{who}.{move.__name__}"] += 1
        try:
            move(stage, number)
        except BaseException as error:
            error.add_note(f"{who}.{move.__name__}, number {number}")
            raise
    _let_pass(stage, chance.choice(SECONDS))


def _prepare(stage: Stage) -> None:
    """A session and a link, so that the writer finds one of each to begin with."""
    _BACKEND.start(stage, 0)
    _BACKEND.exchange(stage, 0)


def _let_pass(stage: Stage, seconds: int) -> None:
    """Time goes by; what it ends is told, and whoever may is signed in again."""
    if seconds:
        stage.world.installation.clock.forward(seconds=seconds)
        ended = stage.model.pass_time(stage.world.installation.clock())
        stage.world.installation.engine.run(expire)
        stage.demand(ended=ended)
    stage.stay_signed_in()
    assert stage.live_rows() == set(stage.model.live)


def _require_all(stage: Stage) -> None:
    """Nothing that is over goes on, everything is told, and nothing is told that is not so."""
    for session in (*stage.model.live.values(), *stage.model.over.values()):
        require_as_it_is(stage, session)
    assert stage.differences() == []
    assert stage.world.installation.engine.verify().ok


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_four_who_try_at_random_leave_a_trace_and_keep_nothing(
    kind: str, part: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    tries: Counter[str] = Counter()
    demanded: Counter[str] = Counter()
    for run in range(RUNS):
        # A seed of our own: Hypothesis draws by what modules happen to be loaded beside this one.
        chance = random.Random(f"{part} {run}")
        with _on(server, tmp_path / str(run), demanded) as stage:
            for _ in range(ROUNDS):
                _round(stage, chance, tries)
            _require_all(stage)
    assert [tries[who] for who in FOUR] == [RUNS * ROUNDS] * len(FOUR), tries
    # Nothing that any of them could try is left out.
    known = {f"{who}.{move.__name__}" for who, moves in FOUR.items() for move in moves}
    assert known == tries.keys() - FOUR.keys()
    # Much of it goes through: a drill in which everybody is refused would try nothing.
    assert min(demanded[EventType.SESSION_STARTED], demanded["ended"]) > RUNS * ROUNDS // 20, tries


@contextmanager
def _on(server: PostgresServer | None, folder: Path, demanded: Counter[str]) -> Iterator[Stage]:
    folder.mkdir()
    if server is None:
        with staged(folder, f"sqlite:///{folder / 'understudy.db'}", demanded) as stage:
            _prepare(stage)
            yield stage
        return
    with server.database() as url, staged(folder, url, demanded) as stage:
        _prepare(stage)
        yield stage
