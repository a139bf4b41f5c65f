"""Whom TLS trusts: the system's roots and certifi's, added up."""

from __future__ import annotations

import logging
import ssl

import certifi

_log = logging.getLogger(__name__)


def tls_context() -> ssl.SSLContext:
    """A new context; always verifies. It takes some 20 to 60 ms: make one, and not on the main thread.

    The system's roots are those of OpenSSL's folder (or ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``), on Windows
    those of its store: among them are those of a company whose proxy looks into TLS. certifi's are for where
    there are none (macOS, whose Keychain OpenSSL does not know; an AppImage on another distribution than it
    was built on) or stale ones (Windows loads a root when its own programs first need it).
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # else it is OpenSSL's configuration that decides
    # Python 3.13 made RFC 5280 to the letter its default, which many a company's own root does not keep (no
    # key identifier). Signature, dates, name and purpose are checked all the same.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        context.load_verify_locations(certifi.where())
    except (OSError, ssl.SSLError) as error:  # a damaged install: the system's roots may well be enough
        _log.warning("certifi's roots cannot be read: %s", error)
    return context
