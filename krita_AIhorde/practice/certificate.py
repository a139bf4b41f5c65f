"""A certificate that nobody vouches for: an EC key and its self-signed X.509 certificate, from nothing.

Only for the fault ``untrusted_link``, whose certificate must never be trusted: this is no cryptography to
rely on (it leaks its key through timing). It is here so that the fault needs neither a compiled package nor
an openssl program. Curve and signature: FIPS 186-4, P-256; the forms: RFC 5280, RFC 5915.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
import ssl
import tempfile
import time
from pathlib import Path

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Point = tuple[int, int]
_SEQUENCE, _SET, _INTEGER, _BITS, _OCTETS, _UTF8, _UTC = 0x30, 0x31, 0x02, 0x03, 0x04, 0x0C, 0x17
_EC_KEY = bytes.fromhex("06072a8648ce3d0201")  # object identifiers, tag and length included
_P256 = bytes.fromhex("06082a8648ce3d030107")
_ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
_COMMON_NAME = bytes.fromhex("0603550403")
_ALTERNATIVE_NAME = bytes.fromhex("0603551d11")
_DAY = 86400.0


def untrusted_context(host: str) -> ssl.SSLContext:
    """For a server at `host`; every call makes a new key. Takes some 20 ms."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # the ssl module reads keys from files only
        file = Path(folder) / "practice.pem"
        file.write_text(_key_and_certificate(host), "ascii")
        context.load_cert_chain(file)
    return context


def _key_and_certificate(host: str) -> str:
    """As PEM, good from yesterday on for a month."""
    key = secrets.randbelow(_N - 1) + 1
    public = _der(_BITS, b"\0\4", *(part.to_bytes(32, "big") for part in _times(key, _G)))
    private = _der(
        _SEQUENCE, _integer(1), _der(_OCTETS, key.to_bytes(32, "big")), _der(0xA0, _P256), _der(0xA1, public)
    )
    return _pem("EC PRIVATE KEY", private) + _pem("CERTIFICATE", _certificate(host, key, public))


def _certificate(host: str, key: int, public: bytes) -> bytes:
    algorithm = _der(_SEQUENCE, _ECDSA_SHA256)
    common = _der(_SEQUENCE, _COMMON_NAME, _der(_UTF8, b"practice horde"))
    name = _der(_SEQUENCE, _der(_SET, common))
    content = _der(
        _SEQUENCE,
        _der(0xA0, _integer(2)),  # version 3
        _integer(secrets.randbits(64)),
        algorithm,
        name,
        _der(_SEQUENCE, _utc(time.time() - _DAY), _utc(time.time() + 30 * _DAY)),
        name,
        _der(_SEQUENCE, _der(_SEQUENCE, _EC_KEY, _P256), public),
        _der(0xA3, _der(_SEQUENCE, _for_host(host))),
    )
    return _der(_SEQUENCE, content, algorithm, _der(_BITS, b"\0", _signature(content, key)))


def _for_host(host: str) -> bytes:
    """The extension that says whom the certificate is for, so that trust is all that it lacks."""
    try:
        name = _der(0x87, ipaddress.ip_address(host).packed)
    except ValueError:
        name = _der(0x82, host.encode("idna"))
    return _der(_SEQUENCE, _ALTERNATIVE_NAME, _der(_OCTETS, _der(_SEQUENCE, name)))


def _signature(content: bytes, key: int) -> bytes:
    digest = int.from_bytes(hashlib.sha256(content).digest(), "big")
    chance = secrets.randbelow(_N - 1) + 1
    r = _times(chance, _G)[0] % _N
    s = pow(chance, -1, _N) * (digest + r * key) % _N
    return _der(_SEQUENCE, _integer(r), _integer(s))


def _times(factor: int, point: _Point) -> _Point:
    """`point` added to itself; `factor` is at least 1."""
    total: _Point | None = None
    while factor:
        if factor & 1:
            total = point if total is None else _plus(total, point)
        point = _plus(point, point)
        factor >>= 1
    assert total is not None
    return total


def _plus(one: _Point, other: _Point) -> _Point:
    """The sum on the curve y^2 = x^3 - 3x + b. A point and its negative never meet in `_times`."""
    if one == other:
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, _P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P)
    x = (slope * slope - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(length))) + length + content


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _utc(when: float) -> bytes:
    return _der(_UTC, time.strftime("%y%m%d%H%M%SZ", time.gmtime(when)).encode())


def _pem(kind: str, data: bytes) -> str:
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{text}-----END {kind}-----\n"
