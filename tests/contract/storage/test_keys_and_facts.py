"""Key pairs, facts and stored answers on both databases."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.storage.make import MINUTE, NOW, application, undone
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ports import KeyUse, SigningKey, StoredAnswer
from understudy.storage.database.connection import Database

KEY = SigningKey(
    id="key_1",
    use=KeyUse.SESSION_JWT,
    application_id="app_1",
    public=b"public",
    private_encrypted=b"sealed",
    created_at=NOW,
    signs_from=NOW,
)
DIGEST = bytes(range(32))
ANSWER = StoredAnswer(
    scope="app_1", key="k", request_hash=b"h", status=200, body=b"{}", created_at=NOW
)


def test_keys_are_found_by_use_and_application_oldest_first(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.applications.add(application(id="app_2"))
        younger = replace(KEY, id="key_0", created_at=NOW + MINUTE)
        of_log = replace(KEY, id="key_2", use=KeyUse.LOG, application_id=None)
        foreign = replace(KEY, id="key_3", application_id="app_2")
        for key in (younger, of_log, foreign, KEY):
            store.signing_keys.add(key)
        assert list(store.signing_keys.of(KeyUse.SESSION_JWT, "app_1")) == [KEY, younger]
        assert list(store.signing_keys.of(KeyUse.LOG)) == [of_log]
        assert list(store.signing_keys.of(KeyUse.SESSION_JWT)) == []


def test_a_key_is_added_once(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.signing_keys.add(KEY)
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.signing_keys.add(KEY)


def test_a_key_that_was_never_added_cannot_be_saved(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.NotFound, "not_found"):
        store.signing_keys.save(KEY)


def test_a_fact_that_nobody_put_is_none(shared_database: Database) -> None:
    with undone(shared_database) as store:
        assert store.meta.get("origin") is None


def test_an_answer_is_kept_once_for_each_scope_and_key(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.stored_answers.add(ANSWER)
        store.stored_answers.add(replace(ANSWER, scope="app_2"))
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.stored_answers.add(replace(ANSWER, body=b"other"))


def test_answers_are_forgotten_when_they_are_older_than_a_moment(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.stored_answers.add(ANSWER)
        store.stored_answers.add(replace(ANSWER, key="young", created_at=NOW + MINUTE))
        assert store.stored_answers.remove_before(NOW + MINUTE) == 1
        assert store.stored_answers.get("app_1", "k") is None
        assert store.stored_answers.get("app_1", "young") is not None


def test_a_nonce_is_used_once_for_each_purpose(shared_database: Database) -> None:
    with undone(shared_database) as store:
        assert not store.used_nonces.has("handshake", DIGEST)
        store.used_nonces.add("handshake", DIGEST, NOW)
        store.used_nonces.add("another", DIGEST, NOW)
        assert store.used_nonces.has("handshake", DIGEST)
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.used_nonces.add("handshake", DIGEST, NOW)


def test_used_nonces_are_forgotten_with_the_answers(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.used_nonces.add("handshake", DIGEST, NOW)
        assert store.stored_answers.remove_before(NOW) == 0
        assert store.stored_answers.remove_before(NOW + MINUTE) == 1
        assert not store.used_nonces.has("handshake", DIGEST)
