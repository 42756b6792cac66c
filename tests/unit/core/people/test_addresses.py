from __future__ import annotations

import pytest

from tests.unit.core.factories import named_actor, subject
from understudy.core.people.addresses import (
    addresses_in,
    addresses_of_actor,
    addresses_of_subject,
    spellings,
)

MARA = "mara@support.example"


@pytest.mark.parametrize(
    "text",
    [
        MARA,
        "MARA@Support.Example",
        " mara@support.example ",
        "mara@support.example.",
        "mara@support.example..",
        "mara@support\u3002example",
        "mara@support\uff0eexample",
        "<mara@support.example>",
        "Mara Lind <mara@support.example>",
        "Mara (mara@support.example)",
        "mara@(at home)support.example",
        '"mara"@support.example',
        "mailto:mara@support.example",
        "mara @ support.example",
        "ma\u200bra@support.example",
        "mara@sup\u00adport.example",
        "ma\u2060ra@supp\ufe0fort.example\u200e",
        "ma\u3164ra@support.example",
        "\uff4dara\uff20support.example",
        "mara\ufe6bsupport.example",
        "kim,mara@support.example",
        "kim/mara@support.example",
        "mara@support.example!",
        "mara@support.example, really",
    ],
)
def test_a_mailbox_is_one_however_it_is_written(text: str) -> None:
    assert MARA in addresses_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "mara@support.example.evil.example",
        "kim.mara@support.example",
        "mara+kim@support.example",
        "mara-kim@support.example",
        "mara@other.example",
        "mara",
        "M\u00e4ra",
        "@support.example",
        "mara@",
        "mara@.",
        "",
        None,
    ],
)
def test_another_mailbox_is_another(text: str | None) -> None:
    assert MARA not in addresses_in(text)


def test_a_domain_is_one_in_unicode_and_encoded() -> None:
    for domain in (
        "b\u00fccher.example",
        "xn--bcher-kva.example",
        "B\u00dcCHER.example".replace("\u00dc", "U\u0308"),
    ):
        assert addresses_in(f"a@{domain}") == {"a@b\u00fccher.example"}
    both = ("a@b\u00fccher.example", "a@xn--bcher-kva.example")
    assert spellings("a@b\u00fccher.example") == both
    assert spellings(MARA) == (MARA,)


def test_a_label_that_cannot_be_decoded_is_left_as_it_is() -> None:
    assert addresses_in("a@xn--\u00e9.example") == {"a@xn--\u00e9.example"}
    assert addresses_in("a@xn--999999999.example") == {"a@xn--999999999.example"}


def test_an_actor_is_known_by_id_address_and_name_and_a_user_by_id_and_address() -> None:
    actor = named_actor(id="a@x.example", email="b@x.example", name="C <c@x.example>")
    assert addresses_of_actor(actor) == {"a@x.example", "b@x.example", "c@x.example"}
    user = subject(id="a@x.example", email="b@x.example", name="c@x.example")
    assert addresses_of_subject(user) == {"a@x.example", "b@x.example"}
