from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from understudy.core.impersonation.tokens import TokenPurpose, derive_token
from understudy.service.logs import REDACTED, redact, set_up_logging


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a process that was set up writes; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logging("info", stream)
    yield stream
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize("purpose", list(TokenPurpose))
def test_every_kind_of_token_is_taken_out(purpose: TokenPurpose) -> None:
    token = derive_token(b"k" * 32, purpose, b"n" * 32)
    assert redact(f"got {token}, refused") == f"got {REDACTED}, refused"


def test_credentials_are_taken_out() -> None:
    assert redact("authorization: Basic YXBwOnNlY3JldA==") == f"authorization: Basic {REDACTED}"
    assert redact("Bearer eyJhbGciOi.eyJz.c2ln") == f"Bearer {REDACTED}"
    assert redact("basic facts") == "basic facts"


def test_a_line_is_json_without_secrets(lines: io.StringIO) -> None:
    token = derive_token(b"k" * 32, TokenPurpose.SESSION, b"n" * 32)
    logger = logging.getLogger("understudy.tests")
    logger.info("refused %s", token, extra={"header": f"Basic {token}"})
    try:
        raise RuntimeError(token)
    except RuntimeError:
        logger.exception("unexpected")
    first, second = lines.getvalue().splitlines()
    assert json.loads(first)["message"] == f"refused {REDACTED}"
    assert json.loads(first)["level"] == "INFO"
    assert "Traceback" in json.loads(second)["exc_info"]
    assert token not in lines.getvalue()


def test_a_line_holds_its_action_and_ids_and_none_of_their_secrets(lines: io.StringIO) -> None:
    token = derive_token(b"k" * 32, TokenPurpose.SESSION, b"n" * 32)
    extra = {"action": "follow_log", "session": "ses_1", "given": f"token {token}"}
    logging.getLogger("understudy.tests").warning("it broke", extra=extra)
    line = json.loads(lines.getvalue())
    assert (line["action"], line["session"]) == ("follow_log", "ses_1")
    assert line["given"] == f"token {REDACTED}"


def test_uvicorn_writes_no_access_log_of_its_own(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info('GET /?token=1 "200"')
    assert lines.getvalue() == ""
