from __future__ import annotations

import pytest

from krita_AIhorde.horde.endpoint import ANONYMOUS_KEY, Endpoint
from krita_AIhorde.horde.errors import EndpointError, InsecureEndpoint

HORDE = "https://aihorde.net/api/v2"


@pytest.mark.parametrize(
    "url",
    [
        HORDE,
        "http://127.0.0.1:7001/api/v2",
        "http://127.9.9.9/api/v2",
        "http://[::1]:80/api",
        "http://localhost:1/x",
    ],
)
def test_https_anywhere_and_http_on_this_machine(url: str) -> None:
    assert Endpoint(url, "a key").base_url == Endpoint.validate(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://aihorde.net/api/v2",
        "HTTP://aihorde.net/api/v2",
        "http://192.168.1.5/api/v2",
        "http://127.0.0.1.example.org/api/v2",
        "http://localhost.example.org/api/v2",
        "http://0.0.0.0/api/v2",
        "http://128.0.0.1/api/v2",
    ],
)
def test_plain_http_to_another_machine_is_refused(url: str) -> None:
    with pytest.raises(InsecureEndpoint):
        Endpoint(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "aihorde.net",
        "ftp://aihorde.net",
        "https://",
        "https://h:port/",
        "https://u:p@h/api",
        "https://h/?a=b",
    ],
)
def test_what_is_no_address_of_a_horde_is_refused(url: str) -> None:
    with pytest.raises(EndpointError):
        Endpoint(url)


def test_an_address_is_taken_as_artists_paste_it() -> None:
    endpoint = Endpoint(f" {HORDE}/\n", " my\tkey\r\n")
    assert endpoint.url("find_user") == f"{HORDE}/find_user"
    assert endpoint.key_headers() == {"apikey": "mykey"}


def test_no_key_is_the_anonymous_one_which_is_no_secret() -> None:
    assert Endpoint(HORDE, "  ").api_key == ANONYMOUS_KEY
    assert Endpoint(HORDE).is_anonymous
    assert Endpoint(HORDE).secret == ""
    assert Endpoint(HORDE, "k").secret == "k"


def test_a_key_is_not_in_the_repr() -> None:
    endpoint = Endpoint(HORDE).with_key("s3cret")
    assert "s3cret" not in repr(endpoint)
    assert endpoint.api_key == "s3cret"


def test_a_path_cannot_lead_elsewhere() -> None:
    url = Endpoint(HORDE).url("generate", "check", "../../find_user?x=y")
    assert url == f"{HORDE}/generate/check/..%2F..%2Ffind_user%3Fx%3Dy"
