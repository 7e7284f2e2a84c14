"""In a browser: somebody is invited by link and comes in; the second step with an app's codes and with a key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.web.house import House, Plan, browser, house, page, until
from tests.web.test_browser_access import serious

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ", "Ngã ba đường tỉnh"), simulated=2)
NEW = "another-four-words-here"


def code_of(secret: str, now_s: float) -> str:
    """What an app would show (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now_s) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def invite(page: Page, house: House, name: str, role: str) -> str:
    """Through the form; the link shown."""
    page.goto(f"{house.web}/people/add")
    page.fill("#id_name", name)
    page.check(f"input[name=role][value={role}]")
    if role == "security_team":
        page.select_option("#id_place", "cameras")
        page.locator("[data-tick=cameras]").first.click()
    page.click("button[type=submit].btn-primary")
    return page.input_value("#address")


def choose_password(page: Page) -> None:
    """On the page behind a link; afterwards one is in."""
    page.fill("#id_new", NEW)
    page.fill("#id_again", NEW)
    page.keyboard.press("Enter")
    page.wait_for_url("**/wall")


def open_own(page: Page, address: str) -> None:
    """A page about logging in; the password is typed again where it is asked for."""
    page.goto(address)
    if "again" in page.url:
        page.fill("#id_password", NEW)
        page.keyboard.press("Enter")


def begin_login(page: Page, username: str) -> None:
    page.fill("#id_login", username)
    page.fill("#id_password", NEW)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-step/code")


@pytest.fixture
def stranger(browser: Browser) -> Callable[[], Page]:
    return lambda: browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True).new_page()


def test_a_hamlet_head_comes_in_on_a_telephone_and_sees_the_cameras(
    page: Page,
    house: House,
    stranger: Callable[[], Page],
) -> None:
    link = invite(page, house, "Trưởng thôn Đông", "security_team")
    page.click("[data-copy]")
    until(lambda: page.inner_text("[data-copy]").strip() == "Đã chép", "the button tells that it copied")
    phone = stranger()
    phone.goto(link)
    assert serious(phone) == []
    choose_password(phone)
    assert phone.locator(".tile").count() == 2
    phone.goto(link)
    assert "không còn dùng được" in phone.inner_text("h1")
    phone.context.close()


def test_an_app_is_set_up_and_asked_for_at_the_next_login(
    page: Page,
    house: House,
    stranger: Callable[[], Page],
) -> None:
    link = invite(page, house, "Trực ban ca hai", "duty")
    phone = stranger()
    phone.goto(link)
    choose_password(phone)
    open_own(phone, f"{house.web}/account/second-step/app")
    phone.wait_for_selector(".secret", state="attached")
    secret = (phone.text_content(".secret") or "").strip()
    phone.fill("#id_code", "000000")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("#err-code:not(:empty)")
    assert "Mã không đúng" in phone.inner_text("#err-code")
    assert (phone.text_content(".secret") or "").strip() == secret  # what was scanned already still holds
    phone.fill("#id_code", code_of(secret, time.time()))
    phone.keyboard.press("Enter")
    phone.wait_for_selector("#codes")
    paper = phone.inner_text("#codes").split()
    assert len(paper) == 10
    phone.goto(f"{house.web}/account/second-step/codes")
    assert not phone.is_visible("#codes")  # shown once

    other = stranger()
    other.goto(house.web)
    begin_login(other, "truc.ban.ca.hai")
    assert serious(other) == []
    other.goto(f"{house.web}/wall")
    assert other.url.endswith("/second-step/code")  # half logged in is not logged in
    other.fill("#id_code", paper[0])
    other.keyboard.press("Enter")
    other.wait_for_url("**/wall")
    phone.context.close()
    other.context.close()


def test_a_key_is_added_and_used(page: Page, house: House, browser: Browser) -> None:
    """With Chromium's own virtual key. WebAuthn wants a name, not a number, so the page is asked as localhost."""
    web = house.web.replace("127.0.0.1", "localhost")
    link = invite(page, house, "Quản trị hai", "head").replace("127.0.0.1", "localhost")
    context = browser.new_context()
    mine = context.new_page()
    session = context.new_cdp_session(mine)
    session.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    mine.goto(link)
    choose_password(mine)
    open_own(mine, f"{web}/account/second-step/keys/add")
    mine.wait_for_selector("[data-webauthn-go]")
    mine.fill("#id_name", "Khóa <b>USB</b>")
    mine.click("[data-webauthn-go]")
    mine.wait_for_selector("#codes")
    mine.goto(f"{web}/account")
    assert "Khóa <b>USB</b>" in mine.inner_text(".lines >> nth=0")
    mine.click("details.menu.up summary")
    with mine.expect_navigation():  # the survey's list is wiped first
        mine.click(".menu.up button:has-text('Đăng xuất')")
    mine.goto(f"{web}/login")
    begin_login(mine, "quan.tri.hai")
    mine.click("[data-webauthn-go]")
    mine.wait_for_url("**/wall")
    context.close()
