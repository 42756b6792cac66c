"""That a transaction which remembers what it has read sees what one that does not would see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage import make
from tests.contract.storage.make import NOW, forgetful
from tests.fixtures.vault import VAULT
from understudy.core.applications.application import Application
from understudy.core.governance.policies import PolicySet
from understudy.core.ids import GrantId, OperatorId, OrganizationId, SessionId, SubjectId
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Status
from understudy.core.ports import KeyUse, SigningKey
from understudy.errors import AlreadyExists, NotFound
from understudy.storage.database.connection import Database, Params, RanAhead, Row, Transaction, V
from understudy.storage.database.databases import open_database
from understudy.storage.database.memory import NOTED
from understudy.storage.tables.reader import StoreTables

Step = Callable[[Transaction, str], None]
"""Something that a flow does; ``mark`` keeps the ids of one example from those of the next."""

_examples = count()
NUMBERS = st.integers(0, 1)
WORDS = st.sampled_from(["one", "two"])


def seen(store: StoreTables, mark: str) -> list[object]:
    """Everything that is remembered, by each way in which it is found."""
    app = f"app_{mark}"
    found: list[object] = [
        store.entries.size(),
        store.applications.get(app),
        store.operators.by_email(f"{mark}@example.com"),
        list(store.signing_keys.of(KeyUse.LOG)),
        list(store.signing_keys.of(KeyUse.SESSION_JWT, app)),
    ]
    for number in range(2):
        found += [
            store.grants.get(GrantId(f"grt_{mark}{number}")),
            store.sessions.get(SessionId(f"ses_{mark}{number}")),
            store.impersonation_tokens.by_hash(hash_of(mark, number)),
            store.subjects.get(app, SubjectId(f"user{number}")),
            store.organizations.get(app, OrganizationId(f"org{number}")),
            store.operators.get(OperatorId(f"opr_{mark}{number}")),
            store.policies.get(app, number + 1),
        ]
    return found


def hash_of(mark: str, number: int) -> bytes:
    return f"{mark} {number}".encode().ljust(32)


def key_of(mark: str, number: int, word: str) -> SigningKey:
    return SigningKey(
        id=f"key_{mark}{number}",
        use=KeyUse.SESSION_JWT,
        application_id=f"app_{mark}",
        public=word.encode(),
        private_encrypted=b"private",
        created_at=NOW,
        signs_from=NOW,
    )


def directory(kind: str, number: int, word: str) -> Step:
    def step(transaction: Transaction, mark: str) -> None:
        store, app = StoreTables(transaction, VAULT), f"app_{mark}"
        match kind:
            case "application":
                store.applications.save(make.application(id=app, name=word))
            case "subject":
                made = make.subject(application_id=app, id=f"user{number}", ref=f"{mark}{number}")
                store.subjects.save(replace(made, name=word))
            case "organization":
                store.organizations.save(
                    make.organization(
                        application_id=app, id=f"org{number}", ref=f"{mark}{number}", name=word
                    )
                )
            case "operator":
                email = f"{mark}@example.com" if word == "one" else f"{mark}{number}@example.com"
                made_operator = make.operator(id=f"opr_{mark}{number}", email=email)
                try:
                    store.operators.save(made_operator)
                except NotFound:
                    store.operators.add(made_operator)
            case "key":
                store.signing_keys.add(key_of(mark, number, word))
            case "key again":
                store.signing_keys.save(key_of(mark, number, word))

    return step


def impersonation(kind: str, number: int, word: str) -> Step:
    def step(transaction: Transaction, mark: str) -> None:
        store, app, grant_id = StoreTables(transaction, VAULT), f"app_{mark}", f"grt_{mark}{number}"
        grant = make.grant(id=grant_id, application_id=app, reason=word)
        token = make.token(grant_id=grant_id, application_id=app, token_hash=hash_of(mark, number))
        session = make.session(
            id=f"ses_{mark}{number}",
            grant_id=grant_id,
            application_id=app,
            token_hash=hash_of(mark, number),
        )
        later = NOW + make.MINUTE
        if not kind.startswith("grant") and store.grants.get(GrantId(grant_id)) is None:
            store.grants.add(grant)
        match kind:
            case "grant":
                store.grants.add(grant)
            case "grant again":
                store.grants.save(replace(grant, status=GrantStatus.CLOSED))
            case "token":
                store.impersonation_tokens.add(token)
            case "token again":
                store.impersonation_tokens.save(replace(token, used_at=NOW, session_id=session.id))
            case "session":
                store.sessions.add(session)
            case "session again":
                over = replace(session, ended_at=later, end_cause=EndCause.REVOKED)
                store.sessions.save(over)
            # None of these three columns is ever written again.
            case "another's grant":
                store.grants.save(replace(grant, subject_id=SubjectId(word), created_at=later))
            case "another's token":
                store.impersonation_tokens.save(replace(token, expires_at=later))
            case "another's session":
                store.sessions.save(replace(session, ends_at=later))
            case "touch":
                store.sessions.touch(session.id, later)
            case "tidy up":
                store.impersonation_tokens.remove_expired(NOW + 2 * make.MINUTE)

    return step


def append(transaction: Transaction, mark: str) -> None:
    size = StoreTables(transaction, VAULT).entries.size()
    make.append(transaction, make.entry(size, application_id=f"app_{mark}"))


def in_savepoint(steps: Sequence[Step], undone: bool) -> Step:
    def step(transaction: Transaction, mark: str) -> None:
        with suppress(_UndoneError), transaction.savepoint():
            run(steps, transaction, mark)
            if undone:
                raise _UndoneError

    return step


class _UndoneError(Exception):
    pass


DIRECTORY = ["application", "subject", "organization", "operator", "key", "key again"]
IMPERSONATION = [
    *("grant", "grant again", "another's grant"),
    *("token", "token again", "another's token", "tidy up"),
    *("session", "session again", "another's session", "touch"),
]
SIMPLE = st.one_of(
    st.builds(directory, st.sampled_from(DIRECTORY), NUMBERS, WORDS),
    st.builds(impersonation, st.sampled_from(IMPERSONATION), NUMBERS, WORDS),
    st.just(append),
)
STEPS = st.lists(SIMPLE | st.builds(in_savepoint, st.lists(SIMPLE, max_size=3), st.booleans()))
TURNS = st.lists(st.tuples(st.sampled_from(["here", "there"]), STEPS, st.booleans()), max_size=6)


def run(steps: Sequence[Step], transaction: Transaction, mark: str) -> None:
    """Each step, in a savepoint of its own as each flow is, and a look at everything after it."""
    for step in steps:
        with suppress(AlreadyExists, NotFound), transaction.savepoint():
            step(transaction, mark)
        remembered = seen(StoreTables(transaction, VAULT), mark)
        assert remembered == seen(StoreTables(forgetful(transaction), VAULT), mark)


def begin(database: Database, mark: str) -> None:
    with database.writing() as transaction:
        StoreTables(transaction, VAULT).applications.add(make.application(id=f"app_{mark}"))


@pytest.fixture(scope="module")
def elsewhere(shared_database: Database, shared_url: str) -> Iterator[Database]:
    """The same database as another process has it: with other connections and another memory."""
    with closing(open_database(shared_url)) as opened:
        yield opened


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(turns=TURNS)
def test_whatever_is_written_here_undone_or_written_elsewhere_is_seen(
    shared_database: Database, elsewhere: Database, turns: list[tuple[str, list[Step], bool]]
) -> None:
    mark = f"{next(_examples)}x"
    begin(shared_database, mark)
    for where, steps, commits in turns:
        database = shared_database if where == "here" else elsewhere
        with suppress(_UndoneError), database.writing() as transaction:
            assert seen(StoreTables(transaction, VAULT), mark) == seen(
                StoreTables(forgetful(transaction), VAULT), mark
            )
            run(steps, transaction, mark)
            if not commits:
                raise _UndoneError


def test_what_another_node_forbids_is_seen_by_the_next_transaction(
    shared_database: Database, elsewhere: Database
) -> None:
    """DESIGN rule 8: everything is checked again, whoever changed it."""
    begin(shared_database, "rule8")
    for status in (Status.ACTIVE, Status.DISABLED, Status.ACTIVE):
        with elsewhere.writing() as transaction:
            changed = make.application(id="app_rule8", status=status)
            StoreTables(transaction, VAULT).applications.save(changed)
        with shared_database.writing() as transaction:
            assert StoreTables(transaction, VAULT).applications.get("app_rule8") == changed


def look_ahead(database: Database) -> Application | None:
    """What a transaction believes that runs ahead; nothing is sent but what ends it."""
    with database.writing(ahead=True) as transaction:
        return StoreTables(transaction, VAULT).applications.get("app_ahead")


def look_ahead_and_refuse(database: Database) -> None:
    with (
        database.writing(ahead=True) as transaction,
        suppress(_UndoneError),
        transaction.savepoint(),
    ):
        StoreTables(transaction, VAULT).applications.get("app_ahead")
        raise _UndoneError


def disable(database: Database) -> Application:
    changed = make.application(id="app_ahead", status=Status.DISABLED)
    with database.writing() as transaction:
        StoreTables(transaction, VAULT).applications.save(changed)
    return changed


def test_nothing_comes_of_what_was_believed_ahead_of_its_answer_and_is_not_so(
    postgres_url: str,
) -> None:
    with ExitStack() as stack:
        here, there = (stack.enter_context(closing(open_database(postgres_url))) for _ in "ab")
        here.migrate()
        begin(here, "ahead")
        before = look_ahead(here)
        begin(there, "elsewhere")
        assert look_ahead(here) == before  # it is in doubt, and still so
        changed = disable(there)
        with pytest.raises(RanAhead) as caught:
            look_ahead(here)
        assert caught.value.code == "unavailable"
        assert look_ahead(here) == changed


def test_nothing_in_doubt_is_believed_by_a_transaction_that_does_not_run_ahead(
    postgres_url: str,
) -> None:
    with ExitStack() as stack:
        here, there = (stack.enter_context(closing(open_database(postgres_url))) for _ in "ab")
        here.migrate()
        begin(here, "ahead")
        look_ahead(here)
        changed = disable(there)
        with here.writing(ahead=True):
            pass  # now everything is in doubt, and no look has settled it
        with here.writing() as transaction:
            assert StoreTables(transaction, VAULT).applications.get("app_ahead") == changed


def test_what_a_refused_flow_believed_ahead_of_its_answer_is_asked_nevertheless(
    postgres_url: str,
) -> None:
    """Its refusal would be told."""
    with ExitStack() as stack:
        here, there = (stack.enter_context(closing(open_database(postgres_url))) for _ in "ab")
        here.migrate()
        begin(here, "ahead")
        look_ahead(here)
        disable(there)
        with pytest.raises(RanAhead) as caught:
            look_ahead_and_refuse(here)
        assert caught.value.code == "unavailable"


def policies(*texts: str) -> Step:
    """One version of an application's policies, saved for each further text."""

    def step(transaction: Transaction, mark: str) -> None:
        store = StoreTables(transaction, VAULT)
        first, *later = (
            PolicySet(
                id=f"pol_{mark}",
                application_id=f"app_{mark}",
                version=1,
                text="permit (principal, action, resource);",
                set_by=text,
                set_at=NOW,
                confirmable_at=NOW,
            )
            for text in texts
        )
        if store.policies.get(f"app_{mark}", 1) is None:
            store.policies.add(first)
        for one in later:
            store.policies.save(replace(first, confirmed_by=one.set_by, confirmed_at=NOW))

    return step


NOTING: dict[str, Step] = {
    "policies_add": policies("one"),
    "policies_save": policies("one", "two"),
    "grants_add": impersonation("grant", 0, "one"),
    "grants_save": impersonation("grant again", 0, "two"),
    "impersonation_tokens_add": impersonation("token", 0, "one"),
    "impersonation_tokens_save": impersonation("token again", 0, "two"),
    "sessions_add": impersonation("session", 0, "one"),
    "sessions_save": impersonation("session again", 0, "two"),
}


def test_what_is_noted_is_what_the_row_has_become(shared_database: Database) -> None:
    assert NOTING.keys() == NOTED
    begin(shared_database, "noted")
    with shared_database.writing() as transaction:
        for step in NOTING.values():
            step(transaction, "noted")
            remembered = seen(StoreTables(transaction, VAULT), "noted")
            assert remembered == seen(StoreTables(forgetful(transaction), VAULT), "noted")


def test_a_row_is_read_once_as_long_as_nobody_else_writes(
    database: Database, made_url: str
) -> None:
    begin(database, "once")
    with closing(open_database(made_url)) as other:
        assert [asks(database), asks(database)] == [1, 0]
        begin(other, "other")
        assert [asks(database), asks(database)] == [1, 0]


def test_what_flows_undo_and_write_in_savepoints_does_not_count_as_somebody_else(
    database: Database,
) -> None:
    """On PostgreSQL each of them takes a number of its own, as every transaction does."""
    begin(database, "once")
    asks(database)
    with database.writing() as transaction:
        run([in_savepoint([append], undone=False), append], transaction, "once")
    assert asks(database) == 0


def test_postgresql_sees_what_somebody_else_writes_without_an_entry(postgres_url: str) -> None:
    with closing(open_database(postgres_url)) as database:
        database.migrate()
        begin(database, "once")
        asks(database)
        with psycopg.connect(postgres_url) as earlier:
            earlier.execute("UPDATE understudy.applications SET name = 'Other'")
        with database.writing() as transaction:
            # It was read anew, and is nothing that we wrote.
            assert StoreTables(transaction, VAULT).applications.get("app_once") is None


def asks(database: Database) -> int:
    """How often the database is asked when somebody looks an application up twice."""
    with database.writing() as transaction:
        counting = Counting(transaction)
        for _ in range(2):
            StoreTables(counting, VAULT).applications.get("app_once")  # type: ignore[arg-type]
    return counting.asked


class Counting:
    """A transaction that counts the rows that it is asked for."""

    def __init__(self, transaction: Transaction) -> None:
        self._known = transaction.known
        self.answers = transaction.answers
        self.asked = 0

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        def counted(rows: Sequence[Row]) -> V:
            self.asked += 1
            return read(rows)

        return self._known(query, params, counted)
