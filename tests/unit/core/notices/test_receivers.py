from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.core.notices.receivers import (
    NOTHING_INTERNAL,
    InternalTargets,
    Receiver,
    is_public,
    read_receiver,
)
from understudy.errors import InvalidInput

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"]
NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_every_other_address_is_not(text: str) -> None:
    assert not is_public(ip_address(text))


@given(st.ip_addresses(v=4).map(str), st.sampled_from(["::ffff:", "64:ff9b::", "::"]))
def test_no_ipv6_address_stands_for_an_ipv4_address(text: str, prefix: str) -> None:
    assert not is_public(ip_address(prefix + text))


@given(st.ip_addresses())
def test_whatever_is_public_is_global_by_the_registries_of_iana(address: object) -> None:
    found = ip_address(str(address))
    if is_public(found):
        assert found.is_global
        assert not found.is_private
        assert not found.is_link_local


def test_a_receiver_comes_in_its_parts() -> None:
    assert read_receiver("HTTPS://Hooks.Example:8443/a/b?c=d") == Receiver(
        scheme="https",
        host="hooks.example",
        port=8443,
        target="/a/b?c=d",
        address=None,
        internal=False,
    )


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://hooks.example", "/", "hooks.example"),
        ("https://hooks.example:443/", "/", "hooks.example"),
        ("https://hooks.example:8443", "/", "hooks.example:8443"),
        ("https://hooks.example?a=b", "/?a=b", "hooks.example"),
        ("https://xn--bcher-kva.example/x", "/x", "xn--bcher-kva.example"),
        ("https://_acme.hooks.example/x", "/x", "_acme.hooks.example"),
        ("https://8.8.8.8/x", "/x", "8.8.8.8"),
        ("https://[2606:4700::1]:8443/x", "/x", "[2606:4700::1]:8443"),
    ],
)
def test_a_public_receiver_is_taken(url: str, target: str, authority: str) -> None:
    found = read_receiver(url)
    assert (found.target, found.authority) == (target, authority)


REFUSED = [
    # schemes and shapes
    "http://hooks.example/",
    "http://hooks.example:443/",
    "http://hooks.example:8443/",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://hooks.example:443/",
    "//hooks.example/",
    "hooks.example",
    "",
    "https://",
    "https:///path",
    "https:hooks.example",
    "https://hooks.example/#fragment",
    "https://hooks.example/a b",
    "https://hooks.example/\r\nHost: evil",
    "https://hooks.example/a\n",
    " https://hooks.example/",
    "https://hooks.example\\@127.0.0.1/",
    "https://hooks.example\\.evil.example/",
    # user info
    "https://user@hooks.example/",
    "https://user:password@hooks.example/",
    "https://hooks.example@127.0.0.1/",
    "https://hooks.example:443@127.0.0.1/",
    "https://@hooks.example/",
    # ports
    "https://hooks.example:22/",
    "https://hooks.example:80/",
    "https://hooks.example:6379/",
    "https://hooks.example:0/",
    "https://hooks.example:99999/",
    "https://hooks.example:443443/",
    "https://hooks.example:/",
    "https://hooks.example:-1/",
    # loopback and private, as addresses
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00:ec2::254]/",
    # odd spellings of addresses
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://2130706433/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0177.0.0.1/",
    "https://0177.0.0.01/",
    "https://127.0.0.1./",
    "https://127.0.0.0x1/",
    "https://8.8.8.08/",
    "https://8.8.8/",
    "https://1.2.3.4.5/",
    "https://256.1.1.1/",
    "https://foo.0x/",
    "https://hooks.example.1/",
    "https://[127.0.0.1]/",
    "https://[::1/",
    "https://::1/",
    "https://[::1]evil.example/",
    # names
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://app.localhost/",
    "https://printer.local/",
    "https://metadata/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://instance-data.ec2.internal/",
    "https://router.lan/",
    "https://nas.home.arpa/",
    "https://intranet/",
    "https://hooks.example./",
    "https://hooks..example/",
    "https://.hooks.example/",
    "https://-hooks.example/",
    "https://hooks-.example/",
    "https://hooks%2eexample/",
    "https://hooks.example%00/",
    "https://hooks.example%23@127.0.0.1/",
    f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/",
    # beyond ASCII: full-width digits and dots, an ideographic full stop, a soft hyphen
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https://hooks.ex\u00adample/",
    "https://bücher.example/",
    "https://hooks.example/ü",
]


@pytest.mark.parametrize("url", REFUSED)
def test_whatever_else_somebody_may_spell_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_receiver(url)
    assert refused.value.facts == {"field": "url"}


INTERNAL = InternalTargets.of(["hooks", "Build.Internal", "10.1.0.0/16", "::1"])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks/",
        "http://HOOKS:8080/",
        "https://build.internal:9000/",
        "http://10.1.2.3:80/",
        "http://[::1]:8701/",
    ],
)
def test_a_target_that_was_named_may_be_internal(url: str) -> None:
    assert read_receiver(url, INTERNAL).internal
    with refusal_of(InvalidInput, "invalid_input", field="url"):
        read_receiver(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://other/",
        "http://sub.hooks/",
        "http://hooks./",
        "http://hooks@10.2.0.1/",
        "http://hooks:0/",
        "http://hooks:65536/",
        "http://10.2.0.1/",
        "http://[::ffff:10.1.2.3]/",
        "http://127.0.0.1/",
        "http://hooks.example/",
        "https://hooks.example:80/",
    ],
)
def test_naming_one_target_opens_no_other(url: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="url"):
        read_receiver(url, INTERNAL)


def test_internal_targets_are_names_addresses_and_networks() -> None:
    assert InternalTargets.of(["Hooks", "10.1.0.0/16", "::1"]) == InternalTargets(
        names=frozenset({"hooks"}), networks=(ip_network("10.1.0.0/16"), ip_network("::1"))
    )
    assert InternalTargets.of([]) == NOTHING_INTERNAL
    for text in ("", "http://hooks", "hooks:80", "10.1.0.1/16", "a b"):
        with pytest.raises(ValueError, match="not a host name"):
            InternalTargets.of([text])


@given(st.text(max_size=40))
def test_no_text_at_all_is_read_as_anything_but_a_public_receiver(text: str) -> None:
    try:
        found = read_receiver(f"https://{text}")
    except InvalidInput:
        return
    assert found.port in (443, 8443)
    assert found.address is None or is_public(found.address)
    assert not found.internal
