from __future__ import annotations

from starlette.requests import Request

from understudy.demo.accounts import COOKIE, Accounts
from understudy.demo.people import USERS

ADA = next(user for user in USERS if user.id == "ada")


def _request(token: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={token}".encode())]})


def _accounts() -> Accounts:
    return Accounts(password="one-password", new_token=lambda: "token")


def test_an_address_is_found_however_it_is_typed() -> None:
    assert _accounts().sign_in(f"  {ADA.email.upper()} ", "one-password") == "token"


def test_neither_a_wrong_password_nor_an_unknown_address_signs_in() -> None:
    accounts = _accounts()
    assert accounts.sign_in(ADA.email, "another") is None
    assert accounts.sign_in("nobody@tidewater.example", "one-password") is None
    assert accounts.own(_request("token")) is None


def test_a_session_lasts_until_it_is_signed_out() -> None:
    accounts = _accounts()
    accounts.sign_in(ADA.email, "one-password")
    assert accounts.own(_request("token")) == accounts.effective(_request("token")) == ADA
    accounts.sign_out(_request("token"))
    assert accounts.own(_request("token")) is None
