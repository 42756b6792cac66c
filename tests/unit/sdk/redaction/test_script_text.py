"""Data in scripts."""

from __future__ import annotations

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.sdk.redaction.script_text import hidden_in_script

RULES = ruled("field email", "field address")
DROPPED = ruled("drop field email")
MASK = "HiddenByUnderstudy"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("{email:'a'}", f"{{email:'{MASK}'}}"),
        ('{"email" : "a\\"b", n: 1}', f'{{"email" : "{MASK}", n: 1}}'),
        ("email = `a`;", f"email = `{MASK}`;"),
        ("{'email':12,b:1}", "{'email':null,b:1}"),
        ("{email:{a:'}',b:[1]},c:2}", "{email:{},c:2}"),
        ("{address:[{a:1},']'],c:2}", "{address:[],c:2}"),
        ('f("{\\"email\\":\\"a\\",\\"n\\":1}")', f'f("{{\\"email\\":\\"{MASK}\\",\\"n\\":1}}")'),
        ('"\\\\\\"email\\\\\\":\\\\\\"a\\\\\\""', f'"\\\\\\"email\\\\\\":\\\\\\"{MASK}\\\\\\""'),
        ('{"\\u0065mail":"a"}', '{"\\u0065mail":"HiddenByUnderstudy"}'),
        ('{"e\\u006dail":"a"}', f'{{"e\\u006dail":"{MASK}"}}'),
        ("email == 'a'", "email == 'a'"),
        ("email => 'a'", "email => 'a'"),
        ("{email:'a", f"{{email:'{MASK}'"),
        ("{address:{a:1", "{address:{}"),
        ("{email:", "{email:"),
        ("{emails:'a'}", "{emails:'a'}"),
    ],
)
def test_members_and_variables_are_known_by_their_names(text: str, hidden: str) -> None:
    assert hidden_in_script(text, RULES) == hidden


def test_what_is_dropped_leaves_an_empty_text() -> None:
    assert hidden_in_script("{email:'a'}", DROPPED) == "{email:''}"
