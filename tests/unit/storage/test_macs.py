import hmac

import pytest

from understudy.storage.macs import Mac


@pytest.mark.parametrize("length", [0, 1, 32, 63, 64])
@pytest.mark.parametrize("message", [b"", b"a", bytes(1000)])
def test_a_code_is_that_of_the_standard_library(length: int, message: bytes) -> None:
    key = bytes(range(length))
    mac = Mac(key)
    for _ in range(2):
        assert mac.of(message) == hmac.digest(key, message, "sha256")


def test_longer_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        Mac(bytes(65))
