"""An installation with people in it, the facts beside it, and the judgement after each move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tests.contract.histories.facts import Agreed, Facts, Permitted, Person, Session, Tenant, Who
from tests.contract.histories.guard import Guard, reached
from tests.contract.histories.judging import (
    LONGEST,
    Reached,
    fallen,
    faults,
    permitted_at_any_hour,
)
from tests.contract.histories.judging_insiders import unbacked
from tests.contract.rules.world import World, joined, world
from understudy.core.governance.consents import Consent, ConsentKind
from understudy.core.ids import OperatorId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator
from understudy.core.ports import Entry, Flow
from understudy.errors import UnderstudyError
from understudy.flows.comparison.compare import compare
from understudy.flows.impersonation.open_session import OpenSession

T = TypeVar("T")
OPERATORS = {
    "sam": Role.SUPPORT_MANAGER,
    "lou": Role.SUPPORT_MANAGER,
    "kit": Role.APPROVER,
    "mara": Role.ADMIN,
}
NAMED = {"kim": 100, "ray": 20}
PEOPLE = {"ada": "acme", "bob": "acme", "cyd": "globex", "eve": None}


class Stage:
    """What the moves of a history are made on."""

    def __init__(self, installation: World, tally: Counter[str]) -> None:
        self.world = installation
        self.tally = tally
        self.facts = Facts(now=installation.clock.now)
        self.guard = Guard()
        self.opened: dict[str, OpenSession] = {}
        self.tokens: list[tuple[str, str, str]] = []
        """Tokens that were handed out, of which grant, and of which kind."""
        self.used: set[str] = set()
        self.questions: list[tuple[str, str, str]] = []
        """What was asked of users: its id, the subject's and the actor's."""
        self.codes: dict[str, str] = {}
        self.ids: dict[str, str] = {"sam": installation.sam.id}
        self.actors: dict[str, Actor] = {}
        self._last = -1
        self._started: set[str] = set()
        self._ended: Counter[str] = Counter()
        self._alarms: dict[tuple[str, str], datetime] = {}
        self._told = 0
        self._people()
        self.hear()

    def _people(self) -> None:
        engine = self.world.engine
        with engine.reading() as reader:
            known = {one.name: one.id for one in reader.operators.list()}
        for name, role in OPERATORS.items():
            if name not in known:
                known[name] = joined(engine, f"{name}@support.example", role).id
            self.ids[name] = known[name]
            email, roles = f"{name}@support.example", frozenset({str(role)})
            self.facts.app.addresses.add(email)
            self.facts.actors[name] = Who(name=name, email=email, roles=roles)
        for name, rank in NAMED.items():
            email = f"{name}@app.example"
            actor = self.world.vouched_for(name)
            self.actors[name] = replace(actor, email=email, rank=rank)
            self.facts.actors[name] = Who(name=name, email=email, rank=rank, operator=False)
        for tenant in ("acme", "globex"):
            self.facts.tenants[tenant] = Tenant(id=tenant)
        for subject, organization in PEOPLE.items():
            email = f"{subject}@users.example"
            self.facts.people[subject] = Person(id=subject, email=email, organization=organization)
            self.world.save_subject(id=subject, email=email, organization_id=organization)

    def operator(self, name: str) -> Operator:
        """An operator as they are by now."""
        with self.world.engine.reading() as reader:
            found = reader.operators.get(OperatorId(self.ids[name]))
        assert found is not None
        return found

    def actor(self, name: str) -> Actor:
        """An actor as who asks for them to act knows them."""
        return (
            self.actors[name] if name in self.actors else Actor.from_operator(self.operator(name))
        )

    def name_of(self, ref: str) -> str:
        """What the facts call somebody."""
        names = {str(actor.ref): name for name, actor in self.actors.items()}
        return (names | {ref_: name for name, ref_ in self.ids.items()})[ref]

    def did(self, flow: Flow[T]) -> T | None:
        """What ``flow`` answers; None where it refuses with an error, and nothing has changed."""
        try:
            return self.world.run(flow)
        except UnderstudyError:
            return None

    def whom(self, subject: str) -> tuple[str, int]:
        """Who has this id by now."""
        return self.facts.people[subject].key

    def over(self, why: str, of: Callable[[Session], bool]) -> None:
        """Nobody may be served any more by the sessions for which ``of`` holds."""
        for session in self.facts.sessions.values():
            if session.over is None and of(session):
                session.over = why

    def granted(self, permitted: Permitted) -> None:
        """A grant was made; one that was there before stays as it was asked for."""
        self.facts.grants.setdefault(permitted.id, permitted)
        self.tally["granted"] += 1

    def began(self, opened: OpenSession, grant: Permitted) -> None:
        """A session was opened."""
        now = self.facts.now
        assert grant.closed is None, f"a session came of a grant that is {grant.closed}"
        assert grant.began is not None or now < grant.until, "a session came of an old grant"
        assert not unbacked(self.facts, grant), "one user too many, and nobody has agreed"
        self.over("it was launched again", lambda one: one.grant is grant)
        grant.began = grant.began or now
        self.opened[opened.session.id] = opened
        self.facts.sessions[opened.session.id] = Session(
            id=opened.session.id,
            grant=grant,
            began=now,
            ends=opened.session.ends_at,
            idle=timedelta(minutes=self.facts.app.idle_minutes),
            active=now,
            only_reading=opened.restrictions.scope is Scope.READ_ONLY,
        )
        self.keep(opened)
        self.tally["began"] += 1

    def keep(self, opened: OpenSession) -> None:
        """The guard serves what it was answered, and has heard whatever came before."""
        self.hear()
        self.guard.keep(opened, self.world.clock.now)

    def touched(self, actor: str, person: Person, *, due: bool) -> None:
        """Somebody asked to work as ``person``; where an alarm is ``due``, one is in the log.

        What is asked again within a minute is counted, and told when the minute is over.
        """
        before = self._told
        self.hear()
        told = self._alarms.get((actor, person.id))
        now = told is not None and told > self.facts.now - timedelta(minutes=1)
        assert now or not due, f"no alarm: {actor} asked to work as {person.id}"
        assert person.honey or self._told == before, "an alarm about nobody"
        self.tally["alarms"] += due

    def agreed(self, consent: Consent, subject: str, actor: str | None) -> None:
        """A user agreed."""
        self.facts.consents.append(
            Agreed(
                id=consent.id,
                whom=self.whom(subject),
                once=consent.kind is ConsentKind.ONCE,
                only_reading=consent.scope is Scope.READ_ONLY,
                until=consent.expires_at,
                minutes=consent.minutes,
                actor=actor,
            )
        )
        self.tally["agreed"] += 1

    def hear(self) -> None:
        """Read on in the log, as a guard's stream and the judgement do."""
        with self.world.engine.reading() as reader:
            entries = reader.entries.after(self._last)
        self.guard.hear(entries)
        for entry in entries:
            self._last = entry.index
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        core = entry.core or {}
        session = str(core.get("session_id"))
        if entry.type == "session.started":
            self._started.add(session)
            grant = self.facts.grants[str(core["grant_id"])]
            assert self.name_of(str(core["actor_ref"])) == grant.actor
            assert (entry.personal or {})["subject_id"] == grant.whom[0]
        elif entry.type == "honey.touched" and "subject_id" in (entry.personal or {}):
            # Those that were counted name nobody.
            who = self.name_of(str(core["actor_ref"]))
            self._alarms[who, str((entry.personal or {})["subject_id"])] = self.facts.now
            self._told += 1
        elif entry.type in ("session.ended", "session.expired", "session.revoked"):
            self._ended[session] += 1
            self.tally["over"] += 1
            assert self._ended[session] == 1, "the end of a session is told twice"

    def judge(self) -> None:
        """Find whatever is reachable and may not be, and keep in mind what is over from now on."""
        self.facts.now = self.world.clock.now
        self.hear()
        for session in self.facts.sessions.values():
            for found in self._reachable(session):
                self._require(session, found)
            self._keep_in_mind(session)

    def _reachable(self, session: Session) -> Iterator[Reached]:
        now = self.facts.now
        looked = self.world.refresh(self.opened[session.id])
        if isinstance(looked, OpenSession):
            yield self._by_name(reached(looked, by="asking anew", asked_at=now))
        copy = self.guard.reached(session.id, now)
        if copy is not None:
            yield self._by_name(copy)

    def _by_name(self, found: Reached) -> Reached:
        return replace(found, actor=self.name_of(found.actor))

    def _require(self, session: Session, found: Reached) -> None:
        wrong = list(faults(self.facts, session, found))
        if session.id not in self._started:
            wrong.append("the log does not tell of its start")
        if self._ended[session.id]:
            wrong.append("the log says that it is over")
        told = "; ".join(wrong)
        assert not wrong, f"{session.grant.actor} as {found.subject} by {found.by}: {told}"
        session.ends = min(session.ends, found.ends)
        session.only_reading |= found.only_reading
        self.tally[f"reached by {found.by}"] += 1

    def _keep_in_mind(self, session: Session) -> None:
        """A session whose premise fell is over, whatever becomes of the premise later."""
        if session.over is not None:
            return
        session.idle = min(session.idle, timedelta(minutes=self.facts.app.idle_minutes))
        why = next(fallen(self.facts, session), None)
        if why is None and not permitted_at_any_hour(self.facts, session):
            why = "a policy forbade it"
        if why is None and self._ended[session.id]:
            why = "the log says so"
        if why is None and self._too_old(session, self.facts.now):
            why = "its time is up"
        session.over = why and f"before, {why}"

    @staticmethod
    def _too_old(session: Session, now: datetime) -> bool:
        past = now >= session.ends or now >= session.active + session.idle
        return past or now >= (session.grant.began or session.began) + LONGEST

    def close(self) -> None:
        """At the end the log verifies, and tells of every row."""
        assert self.world.engine.verify().findings == ()
        with self.world.engine.comparing() as rows:
            differences = compare(rows).differences
        assert not differences, differences


@contextmanager
def staged(database_url: str, folder: Path, tally: Counter[str]) -> Iterator[Stage]:
    """A new installation, with everybody there."""
    with world(database_url, folder) as installation:
        yield Stage(installation, tally)
