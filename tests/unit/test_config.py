from __future__ import annotations

from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.config import PREFIX, Settings
from understudy.errors import SetupError


def test_nothing_in_the_environment_is_a_service_on_loopback() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8700)
    assert settings.public_url == "http://localhost:8700"
    assert settings.store_url == "sqlite:///understudy-data/understudy.db"
    assert not settings.https


def test_every_setting_is_read_from_its_own_name() -> None:
    environment = {
        "UNDERSTUDY_HOST": "0.0.0.0",
        "UNDERSTUDY_PORT": "9000",
        "UNDERSTUDY_PUBLIC_URL": "https://Understudy.example:443/",
        "UNDERSTUDY_DATA_DIR": "/var/lib/understudy",
        "UNDERSTUDY_DATABASE_URL": "postgresql://db/understudy",
        "UNDERSTUDY_DATABASE_SCHEMA": "support",
        "UNDERSTUDY_INSTALLATION_KEY": "ab" * 32,
        "UNDERSTUDY_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        "UNDERSTUDY_RATE_MULTIPLIER": "2.5",
        "UNDERSTUDY_METRICS_TOKEN": "m-1",
        "UNDERSTUDY_LOG_LEVEL": "DEBUG",
        "UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS": "hooks, 10.1.0.0/16,",
        "HOME": "/root",
    }
    assert Settings.from_environment(environment) == Settings(
        host="0.0.0.0",
        port=9000,
        public_url="https://understudy.example",
        data_dir=Path("/var/lib/understudy"),
        database_url="postgresql://db/understudy",
        database_schema="support",
        installation_key="ab" * 32,
        trusted_proxies=(ip_network("10.0.0.0/8"), ip_network("::1")),
        rate_multiplier=2.5,
        metrics_token="m-1",
        log_level="debug",
        webhook_allowed_hosts=("hooks", "10.1.0.0/16"),
    )
    names = {PREFIX + field.name.upper() for field in fields(Settings) if field.name[0] != "_"}
    names.remove("UNDERSTUDY_EMBEDDED")  # a part of an app is made by its code alone
    assert names == {name for name in environment if name.startswith(PREFIX)}


def test_the_environment_makes_no_part_of_an_app() -> None:
    with refusal_of(SetupError, "setup_error"):
        Settings.from_environment({"UNDERSTUDY_EMBEDDED": "1"})


def test_only_a_part_of_an_app_has_a_public_url_with_a_path() -> None:
    url = "https://Shop.example:443/app/understudy/"
    settings = Settings(public_url=url, embedded=True)
    assert settings.public_url == "https://shop.example/app/understudy"
    assert settings.path == "/app/understudy"
    assert Settings(public_url="https://understudy.shop.example/", embedded=True).path == ""
    with refusal_of(SetupError, "setup_error"):
        Settings(public_url=url)


@pytest.mark.parametrize("path", ["//a", "/a/../b", "/a//b", "/.a", "/%61", "/a b", "/a;b", "/ä"])
def test_a_path_that_could_be_read_otherwise_is_refused(path: str) -> None:
    with refusal_of(SetupError, "setup_error"):
        Settings(public_url=f"https://shop.example{path}", embedded=True)


@pytest.mark.parametrize("schema", ["", "Shop", "a-b", "1a", 'a"b', "a" * 64, "a.b"])
def test_a_schema_has_a_plain_name(schema: str) -> None:
    with refusal_of(SetupError, "setup_error"):
        Settings(database_schema=schema)


def test_internal_targets_of_webhooks_are_names_and_networks() -> None:
    internal = Settings(webhook_allowed_hosts=("Hooks", "10.1.0.0/16")).internal_targets
    assert internal.names == {"hooks"}
    assert internal.networks == (ip_network("10.1.0.0/16"),)
    assert Settings().internal_targets.networks == ()


def test_a_public_url_that_nobody_gave_is_known_as_such() -> None:
    assert not Settings().public_url_is_given
    assert Settings(public_url="https://understudy.example").public_url_is_given


def test_a_derived_public_url_follows_the_port() -> None:
    assert replace(Settings(), port=9000).public_url == "http://localhost:9000"
    given = replace(Settings(public_url="http://localhost:8700"), port=9000)
    assert given.public_url == "http://localhost:8700"
    assert replace(Settings(), public_url="https://a.example").https


def test_secrets_are_not_printed() -> None:
    text = repr(Settings(installation_key="ab" * 32, metrics_token="m-1"))
    assert "abab" not in text
    assert "m-1" not in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UNDERSTUDY_PORT", "many"),
        ("UNDERSTUDY_PORT", "70000"),
        ("UNDERSTUDY_PORT", "-1"),
        ("UNDERSTUDY_RATE_MULTIPLIER", "-1"),
        ("UNDERSTUDY_RATE_MULTIPLIER", "nan"),
        ("UNDERSTUDY_RATE_MULTIPLIER", "inf"),
        ("UNDERSTUDY_LOG_LEVEL", "loud"),
        ("UNDERSTUDY_TRUSTED_PROXIES", "everybody"),
        ("UNDERSTUDY_PUBLIC_URL", "understudy.example"),
        ("UNDERSTUDY_PUBLIC_URL", "ftp://understudy.example"),
        ("UNDERSTUDY_PUBLIC_URL", "https://understudy.example/path"),
        ("UNDERSTUDY_PUBLIC_URL", "https://user@understudy.example"),
        ("UNDERSTUDY_PUBLIC_URL", "https://understudy.example?a=b"),
        ("UNDERSTUDY_PUBLIC_URL", "https://understudy.example:port"),
        ("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "http://hooks.example/"),
        ("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "10.1.0.1/16"),
        ("UNDERSTUDY_PROT", "8700"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, text: str) -> None:
    with pytest.raises(SetupError) as refused:
        Settings.from_environment({name: text})
    assert refused.value.code == "setup_error"


def test_an_ipv6_address_keeps_its_brackets() -> None:
    assert Settings(public_url="http://[::1]:9000").public_url == "http://[::1]:9000"
