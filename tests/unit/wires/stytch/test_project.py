from __future__ import annotations

import pytest

from understudy.core.applications.application import Vertical
from understudy.wires.stytch.project import application_of, launch_url, public_token


def test_a_public_token_names_its_application() -> None:
    assert public_token("app_1") == "public-token-app_1"
    assert application_of(public_token("app_1")) == "app_1"
    assert application_of("app_1") is None
    assert application_of("") is None


@pytest.mark.parametrize(
    ("vertical", "kind"),
    [(Vertical.B2B, "multi_tenant_impersonation"), (Vertical.CONSUMER, "impersonation")],
)
def test_a_launch_leads_to_the_redirect_url_with_kind_and_token(
    vertical: Vertical, kind: str
) -> None:
    query = f"stytch_token_type={kind}&token=usi_a-b_c"
    for url, expected in (
        ("https://app.example/cb", f"https://app.example/cb?{query}"),
        ("https://app.example", f"https://app.example?{query}"),
        ("https://app.example/cb?", f"https://app.example/cb?{query}"),
        ("https://app.example/cb?a=%20b", f"https://app.example/cb?a=%20b&{query}"),
    ):
        assert launch_url(url, vertical, "usi_a-b_c") == expected


def test_nothing_in_a_token_adds_a_parameter() -> None:
    assert launch_url("https://a.example/", Vertical.B2B, "x&y=z#").endswith("token=x%26y%3Dz%23")
