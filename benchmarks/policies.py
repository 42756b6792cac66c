"""What it costs to ask policies, of which an application has a hundred.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import cedarpy

from benchmarks.policy_text import POLICIES, policy_text
from benchmarks.rounds import best, interleaved
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale
from understudy.cedar.firing import SOMEBODY
from understudy.cedar.judge import CedarJudge
from understudy.cedar.question import asked, entities_of, request_of
from understudy.core.governance.policies import PolicyQuestion
from understudy.flows.governance.policies import draft

NAMES = ("policy-decision", "policy-decision-refused", "policy-decision-strangers")
BAR = 150.0
_SHARE = 10
"""One of the four takes as long as this many of the calls of others."""
_ASKED = replace(
    SOMEBODY, actor_roles=("support_manager",), subject_roles=("member",), ticket="HELP-4711"
)
_REFUSED = replace(_ASKED, subject_roles=("role-7",))

_Ask = Callable[[PolicyQuestion], object]


def rows(scale: Scale) -> Iterator[Row]:
    """One decision, its question never asked before."""
    ours, apart, count = _judge(), _apart(), max(scale.calls // _SHARE, 1)
    measures = {
        "ours": lambda: _microseconds(ours, _ASKED, count),
        "apart": lambda: _microseconds(apart, _ASKED, count),
        "refused": lambda: _microseconds(ours, _REFUSED, count),
        "strangers": lambda: _microseconds(ours, _ASKED, count, strangers=True),
    }
    found = best(interleaved(scale.short_rounds, measures))
    peer = Peer(name="cedarpy, each of the policies by itself", value=found["apart"])
    what = f"a decision by {POLICIES} policies, processor time"
    yield _row("policy-decision", what, found["ours"], at_most=BAR, peers=(peer,))
    yield _row("policy-decision-refused", f"{what}, where one forbids", found["refused"])
    yield _row("policy-decision-strangers", f"{what}, a new user each time", found["strangers"])


def _row(
    name: str,
    what: str,
    value: float,
    *,
    at_most: float | None = None,
    peers: tuple[Peer, ...] = (),
) -> Row:
    return Row(name=name, what=what, unit="µs", value=value, at_most=at_most, peers=peers)


def _judge() -> _Ask:
    judge, policies = CedarJudge(), draft(policy_text())
    assert judge.judge(policies, _ASKED).permitted
    assert judge.judge(policies, _REFUSED).deciding == ("role-7",)
    return lambda question: judge.judge(policies, question)


def _apart() -> _Ask:
    """The same without what is ours: every fact told, and every policy for itself."""
    policies = cedarpy.PolicySet.from_str(policy_text())

    def ask(question: PolicyQuestion) -> object:
        what = asked(question)
        return cedarpy.is_authorized(request_of(what), policies, entities_of(what.people))

    return ask


def _microseconds(
    ask: _Ask, question: PolicyQuestion, count: int, *, strangers: bool = False
) -> float:
    # What was asked before is remembered: so each question has a ticket of its own.
    begun = time.time_ns()
    questions = [
        replace(
            question,
            ticket=f"HELP-{begun + number}",
            subject_id=f"user-{begun + number}" if strangers else question.subject_id,
        )
        for number in range(count)
    ]
    begin = time.thread_time()
    for one in questions:
        ask(one)
    return (time.thread_time() - begin) / count * 1e6
