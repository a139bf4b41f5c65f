"""Security, point by point: where each is proved. What has no test elsewhere is below.

TLS is always verified, with roots of our own where the system has none
    core/test_security.py::test_tls_is_verified_even_where_the_system_has_no_roots
    core/test_security.py::test_no_line_of_ours_turns_verification_off
    horde/test_horde_roots.py::test_a_company_s_root_in_the_system_is_enough
    horde/test_horde_roots.py::test_a_root_that_is_in_neither_is_refused_in_words
    horde/test_horde_proxies.py::test_a_proxy_that_looks_into_tls_is_trusted_only_where_the_system_trusts_it
    horde/test_horde_wire.py::test_a_certificate_that_nobody_vouches_for_gets_neither_key_nor_trust
    horde/test_horde_elsewhere.py::test_a_certificate_that_nobody_vouches_for_is_no_reference
The key is never sent over plain http, but to this machine
    horde/test_horde_endpoint.py::test_plain_http_to_another_machine_is_refused
    horde/test_horde_security.py::test_no_address_passes_plain_http_off_as_this_machine
    horde/test_horde_security.py::test_who_is_called_is_who_was_checked
Redirects never carry the key, and hosts other than the Horde learn nothing about us
    horde/test_horde_wire.py::test_a_redirect_does_not_carry_the_key_away
    horde/test_horde_security.py::test_no_redirect_takes_a_request_and_its_key_elsewhere
    horde/test_horde_images.py::test_an_image_host_gets_the_link_to_the_letter_and_learns_nothing
    horde/test_horde_images.py::test_a_horde_elsewhere_cannot_send_us_to_a_service_on_this_machine
    horde/test_horde_security.py::test_an_image_host_that_sends_us_on_to_another_passes_nothing_on
    horde/test_horde_security.py::test_an_image_host_cannot_send_us_where_we_would_not_go_ourselves
    horde/test_horde_elsewhere.py::test_a_text_and_the_name_of_its_version
    horde/test_horde_elsewhere.py::test_who_sends_us_on_gets_no_key_to_pass_on
    horde/test_horde_elsewhere.py::test_plain_http_on_this_machine_leads_nowhere_else
    horde/test_horde_reference.py::test_no_key_goes_to_where_the_reference_lies
Proxies see no key; neither they nor anybody gets what .netrc keeps for other programs
    horde/test_horde_wire.py::test_a_proxy_of_the_system_does_not_see_calls_to_this_machine
    horde/test_horde_wire.py::test_another_machine_is_reached_through_the_systems_proxy_which_sees_no_key
    horde/test_horde_security.py::test_a_proxy_gets_its_own_password_and_no_key_and_no_error_quotes_either
    horde/test_horde_proxies.py::test_a_picture_comes_through_a_proxy_that_sees_names_only
    horde/test_horde_proxies.py::test_a_proxy_that_we_do_not_speak_is_never_gone_past
    horde/test_horde_security.py::test_passwords_kept_for_other_programs_are_not_sent
The key is in no log, no exception, no repr, and in nothing that is posted
    jobs/test_jobs_secrets.py::test_no_log_and_no_row_holds_the_key
    jobs/test_jobs_secrets.py::test_no_exception_holds_the_key
    horde/test_horde_security.py::test_an_answer_that_is_none_makes_no_exception_that_quotes_what_we_sent
    jobs/test_jobs_secrets.py::test_an_unknown_key_that_the_horde_quotes_is_taken_out
    jobs/test_jobs_secrets.py::test_settings_show_no_values
    horde/test_horde_endpoint.py::test_a_key_is_not_in_the_repr
    core/test_diagnostics.py::test_a_key_that_is_everywhere_appears_nowhere
Files are 0600 and folders 0700
    core/test_guest.py::test_our_folder_is_made_its_owner_s_alone_and_an_open_one_is_closed
    core/test_settings.py::test_what_is_written_is_there_again_and_the_owner_s_alone
    core/test_log.py::test_only_its_owner_can_read_it_after_a_rotation_too
    core/test_log.py::test_a_log_that_others_could_read_is_closed_to_them
    jobs/test_jobs_results.py::test_only_their_owner_can_read_them
    horde/test_horde_reference.py::test_it_is_fetched_kept_and_told
    door/test_archives.py::test_what_is_unpacked_is_private_and_kept
No name and no path leads out of our folders
    jobs/test_jobs_results.py::test_no_path_leads_out_of_the_folder
    jobs/test_jobs_results.py::test_links_are_not_followed
    jobs/test_jobs_results.py::test_any_name_is_one_that_every_system_takes
    door/test_archives.py::test_an_archive_that_reaches_outside_is_refused
What comes back is of limited size before it is in memory, and damage is survived
    horde/test_horde_security.py::test_an_answer_of_any_length_is_not_read_to_its_end
    horde/test_horde_security.py::test_an_image_that_unpacks_to_gigabytes_is_given_up_early
    horde/test_horde_images.py::test_what_comes_instead_of_an_image
    horde/test_horde_elsewhere.py::test_what_comes_instead_of_a_text
    imaging/test_imaging_result.py::test_a_png_that_would_unpack_to_far_too_much_is_refused
    imaging/test_imaging_result.py::test_a_webp_that_would_unpack_to_far_too_much_is_refused
    imaging/test_imaging_result.py::test_damaged_bytes_are_a_picture_or_a_bad_image
    imaging/test_imaging_recipe.py::test_a_packet_that_is_no_recipe_is_none
    imaging/test_imaging_recipe.py::test_damage_is_survived_and_never_changes_what_is_seen
What is installed is what was pinned
    door/test_door_vendor.py::test_something_else_than_was_pinned_is_refused
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import certifi
import pytest

from krita_AIhorde.horde.roots import tls_context

ROOT = Path(__file__).resolve().parents[3]
UNIT = ROOT / "tests" / "unit"
PROOFS = re.findall(r"^ +(\S+\.py)::(\w+)$", __doc__ or "", re.MULTILINE)
# The practice horde is no client; vendored packages are others' work, pinned by hash.
NOT_SEARCHED = ("practice", "vendor")
UNVERIFIED = re.compile(
    r"CERT_NONE|CERT_OPTIONAL|_create_unverified_context|\bverify(_ssl)?\s*=\s*(False|0)\b|\bssl\s*=\s*(False|0)\b"
    r"|check_hostname\s*=\s*(False|0)\b|trust_env\s*=\s*True|verify_mode\s*="
)


@pytest.mark.parametrize(("file", "test"), PROOFS)
def test_every_proof_is_there(file: str, test: str) -> None:
    assert re.search(rf"^(async )?def {test}\(", (UNIT / file).read_text("utf-8"), re.MULTILINE)


def roots(context: ssl.SSLContext) -> set[bytes]:
    return set(context.get_ca_certs(binary_form=True))


def test_tls_is_verified_even_where_the_system_has_no_roots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "no file"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert not roots(ssl.create_default_context()), "as on a Mac, whose roots OpenSSL does not see"
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    certifis = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    certifis.load_verify_locations(certifi.where())
    assert len(roots(certifis)) > 100
    assert roots(context) == roots(certifis)


def ours() -> list[Path]:
    """Every source file that is shipped and talks to somebody."""
    package = ROOT / "krita_AIhorde"
    inside = [
        path for path in package.rglob("*.py") if path.relative_to(package).parts[0] not in NOT_SEARCHED
    ]
    return [ROOT / "krita_AIhorde.py", *inside]


def test_no_line_of_ours_turns_verification_off() -> None:
    files = ours()
    assert ROOT / "krita_AIhorde" / "horde" / "sessions.py" in files
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNVERIFIED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "requests.get(url, verify=False)",
        "TCPConnector(ssl=False)",
        "TCPConnector(verify_ssl = False)",
        "context.verify_mode = ssl.CERT_NONE",
        "context.check_hostname = False",
        "ssl._create_unverified_context()",
        "ClientSession(trust_env=True)",
    ],
)
def test_the_search_would_find_it(line: str) -> None:
    assert UNVERIFIED.search(line)
