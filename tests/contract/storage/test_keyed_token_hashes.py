"""Tokens that the release before stored go on where they can be shown to be ours."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fixtures.refusals import refusal_of
from tests.fixtures.vault import KEY, VAULT
from tests.integration.proof.place import Sql, connect
from understudy import errors
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import load
from understudy.storage.database.sources import Sources
from understudy.storage.tables.reader import read_from
from understudy.storage.vault import InstallationKey, InstallationVault

BEFORE = load()[:7]
OTHER = InstallationVault(InstallationKey(b"o" * 32), random=os.urandom)
SECRETS = ("usk_new", "usk_old")


def plain(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def session_token(name: str) -> str:
    return VAULT.derive_token(TokenPurpose.SESSION, nonce(name))


def nonce(name: str) -> bytes:
    return name.encode().ljust(32)


@pytest.fixture
def sql(database_url: str) -> Iterator[Sql]:
    """A database of the schema before, in which an installation has begun."""
    sources = replace(Sources.of(), migrations=BEFORE)
    with closing(open_database(database_url, sources=sources)) as database:
        database.migrate()
    with closing(connect(database_url)) as raw:
        raw.change("INSERT INTO meta VALUES ('installation_key_check', ?)", VAULT.key_check())
        raw.change(
            "INSERT INTO applications (id, name, vertical, status, settings, secret_hash,"
            " previous_secret_hash, created_at, updated_at)"
            " VALUES ('app', 'App', 'b2b', 'active', '{}', ?, ?, 0, 0)",
            *map(plain, SECRETS),
        )
        raw.change(
            "INSERT INTO operators (id, email, name, roles, rank, status, created_at, updated_at)"
            " VALUES ('opr', 'ada@example.com', 'Ada', '[]', 100, 'active', 0, 0)"
        )
        yield raw


def add_grant(sql: Sql, name: str) -> None:
    sql.change(
        "INSERT INTO grants (id, application_id, actor_kind, actor_ref, actor_id, actor_rank,"
        " subject_id, subject_ref, reason, scope, minutes, status, created_at, expires_at)"
        " VALUES (?, 'app', 'operator', 'opr', 'opr', 100, 'user', 'sub', 'r', 'full', 30,"
        " 'active', 0, 60000)",
        name,
    )


def add_session(sql: Sql, name: str, *, token: str | None = None, over: bool = False) -> None:
    add_grant(sql, name)
    sql.change(
        "INSERT INTO sessions (id, grant_id, application_id, actor_ref, subject_ref, token_hash,"
        " token_nonce, started_at, ends_at, idle_limit, last_active_at, ended_at, end_cause)"
        " VALUES (?, ?, 'app', 'opr', 'sub', ?, ?, 0, 60000, 60000, 0, ?, ?)",
        name,
        name,
        plain(token or session_token(name)),
        nonce(name),
        *((1, "idle") if over else (None, None)),
    )


def log(sql: Sql, event_type: str, *, at: int = 0, **refs: str) -> None:
    ((size,),) = sql.rows("SELECT count(*) FROM log_entries")
    names = "".join(f", {name}" for name in refs)
    marks = ", ?" * len(refs)
    sql.change(
        f"INSERT INTO log_entries (idx, time_ms, type, leaf{names}) VALUES (?, ?, ?, ?{marks})",
        *(size, at, event_type, b"leaf", *refs.values()),
    )


class Found:
    """What the database at ``url`` holds by now, each look-up one of its own."""

    def __init__(self, url: str, vault: InstallationVault = VAULT) -> None:
        self._url, self._vault = url, vault

    def has(self, table: str, token: str) -> bool:
        with closing(open_database(self._url)) as database, database.reading() as connection:
            store = read_from(connection, self._vault)
            if table == "applications":
                return store.applications.by_secret(token) is not None
            return getattr(store, table).by_token(token) is not None


def upgraded(database_url: str) -> Found:
    with closing(open_database(database_url)) as database:
        database.migrate(vault=VAULT)
    return Found(database_url)


def test_a_live_session_goes_on_by_its_nonce_and_its_entry(sql: Sql, database_url: str) -> None:
    for name in ("logged", "unlogged", "elsewhere"):
        add_session(sql, name, token="chosen" if name == "elsewhere" else None)
        if name != "unlogged":
            log(sql, "session.started", session_id=name)
    found = upgraded(database_url)
    assert found.has("sessions", session_token("logged"))
    for token in (session_token("unlogged"), session_token("elsewhere"), "chosen"):
        assert not found.has("sessions", token)


def test_a_session_that_is_over_is_known_by_its_nonce_alone(sql: Sql, database_url: str) -> None:
    add_session(sql, "erased", over=True)
    add_session(sql, "elsewhere", over=True, token="chosen")
    found = upgraded(database_url)
    assert found.has("sessions", session_token("erased"))
    assert not found.has("sessions", "chosen")


def test_many_sessions_are_carried_over_in_slices(sql: Sql, database_url: str) -> None:
    names = [f"ses_{number:04}" for number in range(501)]
    with sql.together():
        for name in names:
            add_session(sql, name, over=True)
    found = upgraded(database_url)
    assert all(found.has("sessions", session_token(name)) for name in (names[0], names[-1]))
    assert sql.rows("SELECT * FROM meta WHERE name = 'keyed_token_hashes'") == []


def test_a_sign_in_goes_on_by_an_entry_of_its_moment(sql: Sql, database_url: str) -> None:
    for name, at in (("logged", 5), ("unlogged", 6)):
        sql.change(
            "INSERT INTO operator_sessions (id, operator_id, token_hash, created_at, last_seen_at,"
            " expires_at) VALUES (?, 'opr', ?, ?, 0, 60000)",
            *(name, plain(name), at),
        )
    log(sql, "operator.signed_in", at=5, actor_ref="opr")
    log(sql, "operator.sign_in_failed", at=6, actor_ref="opr")
    found = upgraded(database_url)
    assert found.has("operator_sessions", "logged")
    assert not found.has("operator_sessions", "unlogged")


def test_an_invitation_goes_on_by_an_entry_of_its_moment(sql: Sql, database_url: str) -> None:
    for name, at in (("logged", 5), ("unlogged", 6)):
        sql.change(
            "INSERT INTO invitations (token_hash, operator_id, created_at, expires_at)"
            " VALUES (?, 'opr', ?, 60000)",
            *(plain(name), at),
        )
    log(sql, "operator.invited", at=5, subject_ref="opr")
    found = upgraded(database_url)
    assert found.has("invitations", "logged")
    assert not found.has("invitations", "unlogged")


def test_a_token_goes_on_by_the_entry_of_its_grant(sql: Sql, database_url: str) -> None:
    for name in ("logged", "unlogged"):
        add_grant(sql, name)
        sql.change(
            "INSERT INTO impersonation_tokens (token_hash, grant_id, application_id, wire,"
            " created_at, expires_at) VALUES (?, ?, 'app', 'native', 0, 60000)",
            *(plain(name), name),
        )
    log(sql, "grant.created", grant_id="logged")
    found = upgraded(database_url)
    assert found.has("impersonation_tokens", "logged")
    assert not found.has("impersonation_tokens", "unlogged")


def test_both_secrets_of_an_application_go_on(sql: Sql, database_url: str) -> None:
    found = upgraded(database_url)
    assert all(found.has("applications", secret) for secret in SECRETS)


@pytest.mark.parametrize(
    ("vault", "error", "code"),
    [(None, errors.SetupError, "setup_error"), (OTHER, errors.KeyMismatch, "key_mismatch")],
)
def test_without_the_installation_key_nothing_is_changed(
    sql: Sql,
    database_url: str,
    vault: InstallationVault | None,
    error: type[errors.SetupError],
    code: str,
) -> None:
    with closing(open_database(database_url)) as database, refusal_of(error, code):
        database.migrate(vault=vault)
    assert sql.rows("SELECT secret_hash FROM applications")


def test_during_a_rotation_both_installation_keys_look_up(sql: Sql, database_url: str) -> None:
    upgraded(database_url)
    next_key = InstallationKey(b"n" * 32)
    rotating = InstallationVault(next_key, random=os.urandom, former=[KEY])
    assert Found(database_url, rotating).has("applications", "usk_new")
    rotated = InstallationVault(next_key, random=os.urandom)
    assert not Found(database_url, rotated).has("applications", "usk_new")
