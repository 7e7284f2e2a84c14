"""Settings: their defaults, what they accept, and how a wrong one is named."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import dj_database_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luytre.base.environment import Listen, parse_listen, read_environment
from luytre.base.errors import UsageError
from luytre.base.i18n import use_language


def test_nothing_has_to_be_set() -> None:
    found = read_environment({})
    assert (found.web, found.media) == (Listen("127.0.0.1", 8080), Listen("127.0.0.1", 8081))
    assert found.data == Path("var").absolute()
    assert (found.archive, found.secrets) == (found.data / "archive", found.data / "secrets")
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")
    named = read_environment({"LUYTRE_HOSTS": "camera.xa.example", "LUYTRE_HTTPS": "1"})
    assert named.hosts == ("camera.xa.example", "localhost", "127.0.0.1", "[::1]")
    assert named.origins[0] == "https://camera.xa.example"
    assert found.origins[0] == "http://localhost:8080"
    assert (found.time_zone, found.https, found.token_lifetime_s) == ("Asia/Ho_Chi_Minh", False, 300)
    assert read_environment({"LUYTRE_FIND_FROM": "192.168.1.10, 127.0.0.1"}).find_from == ("192.168.1.10", "127.0.0.1")
    assert read_environment(dict.fromkeys(("LUYTRE_DATA", "LUYTRE_WEB_ADDR", "LUYTRE_DATABASE_URL"), "")) == found


WRONG = {
    "LUYTRE_WEB_ADDR": ("nonsense", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:8a", "127.0.0.1:²"),
    "LUYTRE_MEDIA_ADDR": ("8081", "127.0.0.1:-1", "127.0.0.1:8080"),
    "LUYTRE_MEDIA_URL": ("camera.xa.example", "rtsp://camera.xa.example", "https://"),
    "LUYTRE_WEB_ORIGINS": ("*", "https://camera.xa.example, camera"),
    "LUYTRE_DATABASE_URL": ("nonsense", "mysql://user:geheim77@db/x", "postgres://user:geheim77@db/", "postgres://db"),
    "LUYTRE_TIME_ZONE": ("Hanoi", "../etc", "Asia/Ho_Chi_Minh/"),
    "LUYTRE_HTTPS": ("maybe", "2"),
    "LUYTRE_FIND_FROM": ("8.8.8.8", "192.168.1.10, eth0", "::1", "0.0.0.0"),
    "LUYTRE_NTP_SERVER": ("pool.ntp.org", "1.2.3", "::1"),
    "LUYTRE_SECOND_STEP_DAYS": ("-1", "366", "x", "٣", "never"),
    "LUYTRE_TSA_URL": ("tsa.example", "ftp://tsa.example/", "https://user:word@tsa.example/"),
    "LUYTRE_APPEALS_KEPT_DAYS": ("0", "3651", "-1", "x", "٣"),
    "LUYTRE_TOKEN_LIFETIME_S": ("9", "301", "-5", "x", "1e2", "٣٠"),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_wrong_setting_is_named_with_the_way_out_and_without_its_secret(name: str, text: str, language: str) -> None:
    use_language(language)
    try:
        with pytest.raises(UsageError) as raised:
            read_environment({name: text})
        assert name in raised.value.sentence()
        assert raised.value.advice()
        assert "geheim77" not in str(raised.value)
    finally:
        use_language("vi")


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=40))
@example("dữ liệu của xã")
@example("100%? #1 'ổ đĩa'")
@example(".luytre.")
def test_data_may_lie_in_a_folder_of_any_name(folder: str) -> None:
    data = Path("/srv") / folder
    found = read_environment({"LUYTRE_DATA": str(data)})
    assert found.data == data
    assert dj_database_url.parse(found.database_url)["NAME"] == str(data / "luytre.sqlite3")


@given(st.text(max_size=60), st.sampled_from(sorted(WRONG)))
def test_any_text_is_a_setting_or_named_as_wrong(text: str, name: str) -> None:
    named = ""
    try:
        read_environment({name: text})
    except UsageError as error:
        named = error.subject
    assert named == "" or named.startswith("LUYTRE_")


@given(st.sampled_from(["127.0.0.1", "camera.xa.example", "::1", "", "0.0.0.0"]), st.integers(1, 65535))
def test_where_to_listen(host: str, port: int) -> None:
    written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    found = parse_listen(written, "X")
    assert found == Listen(host, port)
    assert found.is_wildcard == (host in ("", "0.0.0.0"))
    assert parse_listen(found.for_url, "X").port == port
    assert "0.0.0.0" not in found.for_url


@pytest.mark.parametrize(("text", "on"), [("1", True), ("yes", True), ("ON", True), ("0", False), ("off", False), ("", False)])
def test_switches(text: str, on: bool) -> None:
    assert read_environment({"LUYTRE_HTTPS": text}).https is on


def test_addresses_of_pages_lose_their_last_slash() -> None:
    found = read_environment({"LUYTRE_MEDIA_URL": "https://m.example/", "LUYTRE_WEB_ORIGINS": "https://a.example/, http://b:80"})
    assert (found.media_url, found.origins) == ("https://m.example", ("https://a.example", "http://b:80"))


def test_it_is_a_value() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_environment({}).https = True  # type: ignore[misc]
    assert read_environment(dict(os.environ)) == read_environment()


@pytest.mark.parametrize(
    ("typed", "kept", "host"),
    [
        ("", "", "localhost"), (" https://camera.xa.example/ ", "https://camera.xa.example", "camera.xa.example"),
        ("http://8.8.8.8:8080", "http://8.8.8.8:8080", "8.8.8.8"),
    ],
)  # fmt: skip
def test_the_public_address_is_one_that_a_telephone_in_the_street_reaches(typed: str, kept: str, host: str) -> None:
    found = read_environment({"LUYTRE_PUBLIC_URL": typed})
    assert (found.public_url, found.hosts[0]) == (kept, host)


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1:8080", "http://localhost", "https://may-chu", "http://192.168.1.5", "https://camera.local", "http://[::1]",
        "https://camera.lan.", "camera.xa.example", "https://camera.xa.example/luytre", "https://ai:do@camera.xa.example", "http://10.1",
    ],
)  # fmt: skip
def test_an_address_of_one_building_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="LUYTRE_PUBLIC_URL"):
        read_environment({"LUYTRE_PUBLIC_URL": typed})
