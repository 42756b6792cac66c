from __future__ import annotations

from understudy.wires.oauth.metadata import metadata


def test_the_issuer_is_repeated_to_the_letter() -> None:
    document = metadata("https://understudy.example")
    assert document.issuer == "https://understudy.example"
    assert document.token_endpoint == "https://understudy.example/oauth2/token"
    assert document.jwks_uri == "https://understudy.example/.well-known/jwks.json"


def test_only_the_strong_way_is_offered() -> None:
    document = metadata("https://understudy.example")
    assert document.response_types_supported == ("code",)
    assert document.code_challenge_methods_supported == ("S256",)
    assert document.authorization_response_iss_parameter_supported
