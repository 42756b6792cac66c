"""What the write transaction knows of single rows, so that no flow reads them twice.

Every flow looks afresh at what it stands on (DESIGN rule 8); within a transaction, and from one to
the next while nobody else has written, the answer cannot have changed. Where somebody has, it is in
doubt: a transaction that runs ahead may build on it, and asks before it commits.

A statement makes whatever is known of the tables that it names forgotten, unless it is `NOTED`; and
after anything was rolled back, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from understudy.storage.database.answers import Answers
from understudy.storage.database.statements import Query

CAPACITY = 1_000
"""Most answers to one query that are kept: a group of flows asks for fewer."""

REMEMBERED: Mapping[str, str] = {
    "applications_get": "applications",
    "entries_size": "log_entries",
    "grants_get": "grants",
    "impersonation_tokens_by_hash": "impersonation_tokens",
    "operators_by_email": "operators",
    "operators_by_staff_id": "operators",
    "operators_get": "operators",
    "organizations_get": "organizations",
    "policies_get": "policy_sets",
    "sessions_get": "sessions",
    "signing_keys_of_application": "signing_keys",
    "signing_keys_of_installation": "signing_keys",
    "subjects_get": "subjects",
    "webhook_endpoints_routes": "webhook_endpoints",
}
"""The queries whose answers are remembered, each with the only table that it reads."""

FORESEEN: Mapping[str, str] = {
    "entries_size": "log_entries",
    "log_edge_list": "log_tiles",
    "log_head_get": "log_head",
}
"""What nearly every group of flows asks, and no look-up has parameters: it can be asked together
with the lock. Each with the only table that it reads.
"""

NOTED: frozenset[str] = frozenset(
    {
        "grants_add",
        "grants_save",
        "impersonation_tokens_add",
        "impersonation_tokens_save",
        "policies_add",
        "policies_save",
        "sessions_add",
        "sessions_save",
    }
)
"""Statements that change one row, of which whoever runs them notes what it has become."""


class Memory:
    """The answers of one database to `REMEMBERED` queries, for whoever holds its writer's lock."""

    def __init__(self, queries: Mapping[str, Query], *, capacity: int = CAPACITY) -> None:
        self._answers = {name: Answers(capacity) for name in REMEMBERED}
        self._stale_after = {
            name: tuple(self._answers[stale] for stale in stale_after(query))
            for name, query in queries.items()
        }
        self.outdates = {name: stale_after(query, FORESEEN) for name, query in queries.items()}
        """Which of the `FORESEEN` queries may answer differently once a query has run."""
        self._seen: object = None

    def answers(self, query: str) -> Answers:
        """What is known of one of the `REMEMBERED` queries."""
        return self._answers[query]

    def resume(self, seen: object, *, ahead: bool = False) -> None:
        """A transaction begins. Go on with what is known if it finds the database as it was left.

        ``seen`` says which state it finds: equal to that of the last time, or to the one that was
        left, when nobody else has written since, None when that cannot be told. Otherwise all that
        is known is in doubt where the transaction runs ``ahead``, and forgotten where it does not.
        """
        if seen is None:  # it equals nothing: where it cannot be told, nothing is believed
            self.forget()
        elif seen != self._seen:
            for answers in self._answers.values():
                answers.doubt() if ahead else answers.forget()
        elif not ahead:
            for answers in self._answers.values():
                answers.forget_doubts()
        self._seen = seen

    def leave(self, seen: object) -> None:
        """A transaction has left this state, where a commit of our own counts as a change too."""
        self._seen = seen

    def run(self, query: str) -> None:
        """``query`` is about to run: forget what it may change."""
        for answers in self._stale_after[query]:
            answers.forget()

    def forget(self) -> None:
        """Know nothing any more."""
        for answers in self._answers.values():
            answers.forget()


def stale_after(query: Query, known: Mapping[str, str] = REMEMBERED) -> tuple[str, ...]:
    """Those of the ``known`` queries, each with its table, that ``query`` may make out of date.

    Whatever is no plain SELECT counts as changing every table that it names.
    """
    if query.name in NOTED or query.selects:
        return ()
    return tuple(name for name, table in known.items() if table in query.words)
