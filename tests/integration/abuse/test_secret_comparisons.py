"""A rule about our own code (I2): secrets are compared in constant time, or not at all.

What is looked up in the database is looked up by its hash, so that time tells nothing of use; all
the rest goes through ``hmac.compare_digest``. Here every comparison of the source is read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import understudy

SOURCE = Path(understudy.__file__).parent
SECRET = frozenset(
    {
        *("challenge", "digest", "hash", "hashes", "hmac", "mac", "nonce", "password", "reveal"),
        *("seal", "secret", "signature", "token", "tokens", "verifier"),
    }
)
SAME_TEXT = frozenset({"casefold", "decode", "encode", "get", "hex", "lower", "strip"})
"""Methods whose answer is as secret as what they are asked of."""
NO_SECRETS = {
    "audit": "the log's hashes are published, so that everybody can verify them",
}
HARMLESS = {
    (
        "flows/comparison/policies.py",
        "sha256(row.facts['text'].encode()).hexdigest() != _details(entry).get('digest')",
    ): "the digest of a text that admins and the log can read",
    ("flows/people/sign_in.py", "current.password_hash != operator.password_hash"): (
        "both sides were read from the database"
    ),
    ("http/idempotency.py", "whole.request_hash != _IN_PARTS"): (
        "one side is a constant of ours, which no hash equals"
    ),
    ("sdk/launching.py", "older != opened.session_token"): "Secret compares in constant time",
    ("sdk/sessions.py", "opened.session_token != token"): "Secret compares in constant time",
    ("sdk/wire.py", "held.digest != digest"): (
        "both sides are the service's own words about a list that it sent with the digest"
    ),
    ("wires/native/keeping.py", "headers.get(HOLDS) == digest"): (
        "who is answered is told the digest and the list that it names, whatever they sent"
    ),
}


def secret_comparisons(tree: ast.AST) -> Iterator[str]:
    """Every ``==``, ``!=``, ``in`` and ``not in`` with something of a secret name beside it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not any(map(_compares_text, node.ops)):
            continue
        sides = (node.left, *node.comparators)
        # What stands in the source is no secret.
        literal = any(isinstance(side, ast.Constant) for side in sides)
        if not literal and any(map(_is_secret, sides)):
            yield ast.unparse(node)


def _compares_text(operator: ast.cmpop) -> bool:
    return isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn)


def _is_secret(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return _named_so(node.attr)
    if isinstance(node, ast.Name):
        return _named_so(node.id)
    if isinstance(node, ast.Call):
        asked = node.func
        if isinstance(asked, ast.Attribute) and asked.attr in SAME_TEXT:
            return any(map(_is_secret, (asked.value, *node.args))) or any(map(_key, node.args))
        return _is_secret(asked)
    if isinstance(node, ast.Subscript) and _key(node.slice):
        return True
    parts: dict[type[ast.expr], tuple[str, ...]] = {
        ast.Subscript: ("value",),
        ast.BoolOp: ("values",),
        ast.BinOp: ("left", "right"),
        ast.IfExp: ("body", "orelse"),
        ast.Tuple: ("elts",),
    }
    fields = (getattr(node, name) for name in parts.get(type(node), ()))
    return any(_is_secret(one) for field in fields for one in _each(field))


def _key(node: ast.expr) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and _named_so(value)


def _each(field: ast.expr | list[ast.expr]) -> list[ast.expr]:
    return field if isinstance(field, list) else [field]


def _named_so(name: str) -> bool:
    # Names in capitals are constants of ours: sizes, patterns, names of cookies. What kind of token
    # something is says nothing of the token.
    words = name.lower().split("_")
    return not name.isupper() and words[-1] != "type" and not SECRET.isdisjoint(words)


def test_i2_no_secret_is_compared_character_by_character() -> None:
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if name.partition("/")[0] not in NO_SECRETS:
            found |= {(name, text) for text in secret_comparisons(ast.parse(path.read_text()))}
    assert found == set(HARMLESS)


@pytest.mark.parametrize(
    "code",
    [
        "if token == given: pass",
        "if given != row.token_hash: pass",
        "if row['secret'] == given: pass",
        "ok = stored.get('token') == given",
        "ok = hashlib.sha256(a).digest() == b",
        "ok = token_hash(a).hex() == b",
        "ok = given.encode() in (a, session_token)",
        "ok = (application.secret or '') == given",
        "ok = held.reveal() == given",
        "ok = key.sign(data) == signature[1:]",
    ],
)
def test_i2_the_rule_sees_what_it_is_meant_to(code: str) -> None:
    assert list(secret_comparisons(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "if len(secret) != KEY_BYTES: pass",
        "if token.application_id != application.id: pass",
        "if OPERATOR_COOKIE in header: pass",
        "if token is None or hmac.compare_digest(token, given): pass",
        "if token > given: pass",
        "if asked.token_type == given: pass",
        "if fields['code_challenge_method'] == 'S256': pass",
    ],
)
def test_i2_the_rule_leaves_the_rest_alone(code: str) -> None:
    assert not list(secret_comparisons(ast.parse(code)))
