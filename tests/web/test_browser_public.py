"""In a browser: the sign is printed at the station, and a telephone in the street opens what its code says; residents tell
something with the network there and gone, and whoever told it anonymously is nowhere on this machine.
"""

from __future__ import annotations

import http.client
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from luytre.web.forms_tips import local_input
from tests.civic.test_notice import codes
from tests.civic.tips.test_heic import heic_photo
from tests.web.house import PASSWORD, House, Plan, browser, come_in, follow, house, log_in, page, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import inside

__all__ = ["browser", "house", "page"]

PUBLIC = "https://camera.xa.example"
HOUSE = Plan(names=("Cổng chợ", "Ngã ba"), simulated=2, settings={"LUYTRE_PUBLIC_URL": PUBLIC}, whole_browser=True)


@pytest.fixture(params=sorted(SIZES))
def passer_by(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Without an account; the content policy is set aside for axe alone."""
    context = browser.new_context(viewport=SIZES[request.param], bypass_csp=True)
    yield context.new_page()
    context.close()


def approve_the_proposal(page: Page, house: House) -> None:
    page.goto(f"{house.web}/settings")
    page.fill("#name", "Xã An Bình")
    follow(page, "input[value=commune] ~ button[type=submit]")
    page.goto(f"{house.web}/regulation")
    page.click("button[value=proposal]")
    page.wait_for_url("**/regulation/draft")
    follow(page, "a[href='/regulation/draft/approve']")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regulation")


def test_from_the_station_s_printer_to_a_telephone(page: Page, passer_by: Page, house: House, tmp_path: Path) -> None:
    page.goto(f"{house.web}/cameras/signs")
    if "Chưa có quy chế sử dụng nào có hiệu lực" in page.inner_text("main"):  # the first of the two
        assert not page.locator("a[href$='/sign/a4']").count()
        approve_the_proposal(page, house)
    page.goto(f"{house.web}/cameras/{house.keys[0]}")
    page.click("a[href^='/cameras/signs']")
    with page.expect_download() as found:
        page.click("main a[href$='/sign/a4']")
    found.value.save_as(tmp_path / "sign.pdf")
    [address] = codes((tmp_path / "sign.pdf").read_bytes())
    assert address.startswith(f"{PUBLIC}/camera-nay/")

    passer_by.goto(address.replace(PUBLIC, house.web))
    said = passer_by.inner_text("main")
    assert "Công an xã An Bình" in said
    assert "15 ngày" in said
    assert passer_by.context.cookies() == []
    assert serious(passer_by) == []
    assert passer_by.evaluate("document.documentElement.scrollWidth <= innerWidth")
    passer_by.click("text=English")
    assert "Who runs it" in passer_by.inner_text("main")
    assert serious(passer_by) == []
    passer_by.goto(f"{house.web}/camera-nay/khongco0")
    assert "Không có camera nào mang mã này" in passer_by.inner_text("main")
    assert serious(passer_by) == []


SENDERS = ("127.88.77.66", "127.88.77.65")
MARKS = ("203marked113", "MARKMAKER", "marked-telephone", "marked-name", "marked-cookie", *SENDERS, "10.99.88.77")
HERE = (20.9124, 105.9718)


def marked_photo() -> bytes:
    """A photo that says in its EXIF who made it and where."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0131] = "MARKMAKER", "marked-telephone"
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (20.0, 54.0, 44.64), 3: "E", 4: (105.0, 58.0, 18.48)})
    written = BytesIO()
    Image.effect_noise((1200, 900), 60).convert("RGB").save(written, "JPEG", exif=exif, comment=b"203marked113")
    return written.getvalue()


MARKED = {
    "User-Agent": "marked-telephone/9", "Cookie": "id=marked-cookie", "Referer": "https://203marked113.example/",
    "X-Forwarded-For": "10.99.88.77", "Accept-Language": "marked-telephone",
}  # fmt: skip


def post_marked(house: House, path: str, body: bytes, kind: str, sender: str = SENDERS[0]) -> tuple[int, str]:
    """From an address and with headers that are all marks. Status and page."""
    where = urlsplit(house.web)
    with closing(http.client.HTTPConnection(str(where.hostname), where.port, source_address=(sender, 0))) as connection:
        connection.request("POST", path, body, MARKED | {"Content-Type": kind})
        answer = connection.getresponse()
        assert answer.getheader("Set-Cookie") is None
        return answer.status, answer.read().decode()


def send_by_hand(house: House, sending: str, **changes: str) -> tuple[int, str]:
    """One anonymous tip with marks wherever a sender leaves some: address, headers, file name, EXIF. Status and page."""
    edge = "edge-of-the-form"
    fields = {"kind": "suspicious", "when": "now", "place": "bờ kênh", "words": "Có người lạ", "sending": sending} | changes
    part = f"--{edge}\r\nContent-Disposition: form-data; name="
    body = "".join(f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()).encode()
    body += f'{part}"photos"; filename="marked-name.jpg"\r\n\r\n'.encode() + marked_photo()
    body += f"\r\n--{edge}--\r\n".encode()
    return post_marked(house, "/bao-tin", body, f"multipart/form-data; boundary={edge}")


def send_form(house: House, path: str, **fields: str) -> tuple[int, str]:
    """From an address of its own: who sent before, by pace, is asked for a sum."""
    return post_marked(house, path, urlencode(fields).encode(), "application/x-www-form-urlencoded", SENDERS[1])


def found_on_the_machine(house: House, marks: list[bytes]) -> list[tuple[str, bytes]]:
    """Where a mark stands in what the machine keeps: the name and bytes of every file of the house, and what was printed."""
    printed = "\n".join(house.lines).encode()
    found = [("printed", mark) for mark in marks if mark in printed]
    for path in house.folder.rglob("*"):
        held = (path.read_bytes() if path.is_file() else b"") + str(path.relative_to(house.folder)).encode()
        found += [(str(path), mark) for mark in marks if mark in held]
    return found


def test_who_told_something_anonymously_is_nowhere_on_the_machine(house: House) -> None:
    sending = secrets.token_hex(16)
    assert send_by_hand(house, sending, kind="")[0] == 422  # what is refused is not kept either
    status, page = send_by_hand(house, sending)
    assert status == 201
    code = re.search(r'id="code">([0-9A-Z-]{14})<', page)[1]  # type: ignore[index]
    plain = code.replace("-", "").lower()
    marks = [*(mark.encode() for mark in MARKS), sending.encode(), code.encode(), plain.encode()]
    assert found_on_the_machine(house, marks) == []
    assert found_on_the_machine(house, ["Có người lạ".encode()])  # the tip itself is there, so the search is one


ERASE_PETITIONS = """
from luytre.bridge.django import start_django
start_django()
from datetime import timedelta
from unittest.mock import patch
from django.utils import timezone
from luytre.civic.tips.erasing import KEPT_DAYS
from luytre.web import tasks
later = timezone.now() + timedelta(days=KEPT_DAYS, minutes=1)
with patch.object(tasks.timezone, "now", lambda: later):
    tasks.erase_petitions.call()
tasks.empty_write_ahead_log.call()
"""


def test_who_asked_for_footage_is_sealed_and_after_the_erasing_gone(house: House) -> None:
    """Name and telephone in the clear nowhere, where it was sent from nowhere at all; in the end not even the words, also not
    in pages of the database that are free."""
    sending, now = secrets.token_hex(16), timezone.now()
    fields = {
        "about": "theft", "place": "bến đò Giếng Mây", "words": "Xe đạp mini màu mận chín", "name": "Đoàn Thị Vân Khánh",
        "phone": "0987 612 345", "sending": sending, "start": local_input(now - timedelta(hours=3)),
        "end": local_input(now - timedelta(hours=2)),
    }  # fmt: skip
    assert send_form(house, "/xin-xem-hinh", **(fields | {"about": ""}))[0] == 422
    status, page = send_form(house, "/xin-xem-hinh", **fields)
    assert status == 201, page
    code = re.search(r'id="code">([0-9A-Z-]{14})<', page)[1]  # type: ignore[index]
    who = [fields["name"], "Vân Khánh", fields["phone"], fields["phone"].replace(" ", "")]
    plain = code.replace("-", "").lower()
    marks = [mark.encode() for mark in (*MARKS, *who, sending, code, plain)]
    asked = [fields["words"].encode(), fields["place"].encode()]
    assert found_on_the_machine(house, marks) == []
    assert {mark for _file, mark in found_on_the_machine(house, asked)} == set(asked), "the search finds what is there"

    assert "Đã rút đơn" in send_form(house, "/theo-doi", code=code, do="withdraw")[1]
    inside(house, ERASE_PETITIONS)
    assert found_on_the_machine(house, [*marks, *asked]) == []


def tell(page: Page, kind: str, words: str) -> None:
    page.click(f"label:has-text('{kind}')")
    page.click("[data-next]")
    page.set_input_files("#photos", [{"name": "1.jpg", "mimeType": "image/jpeg", "buffer": marked_photo()}])
    expect(page.locator("#photos-said")).to_contain_text("Đã chọn 1 ảnh")
    page.fill("[name=words]", words)
    page.fill("[name=place]", "trước nhà văn hoá")
    page.click("[data-next]")
    page.click("#tell button[type=submit]")


def the_place_is_chosen_on_a_map(page: Page, house: House) -> None:
    """By keys and by touch, under the content policy; the hamlet is said in words before anything is sent."""
    page.goto(f"{house.web}/bao-tin")
    page.click("label:has-text('Trộm cắp')")
    page.click("[data-next]")
    assert page.evaluate("performance.getEntriesByType('resource').every((one) => !one.name.includes('map'))")
    page.click("#map-open")
    until(lambda: page.evaluate("document.querySelector('#map').dataset.ready === '1'"), "the map")
    assert page.input_value("[name=position]") == ""
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowLeft"):  # the map has the focus
        page.keyboard.press(key)
    expect(page.locator("#pin-said")).to_have_text("Chỗ đã chọn: Thôn Đông.")
    by_keys = page.input_value("[name=position]")
    page.locator("#map canvas").click(position={"x": 8, "y": 8})
    expect(page.locator("#pin-said")).to_have_text("Chỗ đã chọn nằm ngoài ranh giới các thôn.")
    assert page.input_value("[name=position]") not in ("", by_keys)
    page.locator("#map canvas").press("ArrowDown")
    page.click("#pin-drop")
    assert page.input_value("[name=position]") == ""
    page.locator("#map canvas").press("ArrowDown")
    page.click("[data-next]")
    assert page.inner_text("#where-said") == "Nơi xảy ra: Thôn Đông · kèm vị trí trên bản đồ"


def test_told_on_a_telephone_with_and_without_a_network(page: Page, browser: Browser, house: House) -> None:
    """Three screens, light enough for a slow line; kept while there is no network; sounds on duty; answered, read by its code."""
    inside(house, f"password = {PASSWORD!r}\n{TEAM}")
    the_place_is_chosen_on_a_map(page, house)
    place = {"latitude": HERE[0], "longitude": HERE[1]}
    context = browser.new_context(viewport=SIZES["phone"], bypass_csp=True, geolocation=place, permissions=["geolocation"])
    resident = context.new_page()
    resident.goto(f"{house.web}/bao-tin")
    resident.wait_for_load_state("networkidle")
    sizes = "performance.getEntries().filter(e => 'encodedBodySize' in e).map(e => e.encodedBodySize)"
    assert 30_000 < sum(resident.evaluate(sizes)) < 150_000
    assert serious(resident) == []
    resident.wait_for_function(
        "navigator.serviceWorker.getRegistration('/bao-tin').then(found => found?.active?.state === 'activated')"
    )
    resident.click("label:has-text('Trộm cắp')")
    resident.click("[data-next]")
    assert serious(resident) == []
    resident.click("#here")
    expect(resident.locator("#here-said")).to_contain_text("Đã lấy vị trí")
    sent = [("marked-name.jpg", "image/jpeg", marked_photo()), ("IMG_1.HEIC", "", heic_photo())]  # Chromium shows no HEIC
    resident.set_input_files("#photos", [{"name": name, "mimeType": kind, "buffer": data} for name, kind, data in sent])
    expect(resident.locator("#photos-said")).to_contain_text("Đã chọn 2 ảnh")
    expect(resident.locator("#photo-place")).to_be_visible()
    resident.fill("[name=words]", "Mất xe máy màu đỏ")
    resident.click("[data-next]")
    resident.click("#tell button[type=submit]")
    code = resident.inner_text("#code")
    assert context.cookies() == []

    context.set_offline(True)
    resident.goto(f"{house.web}/bao-tin")
    tell(resident, "Cháy, nổ", "Cháy ở bãi rác")
    expect(resident.locator("#send-said")).to_contain_text("Không có mạng")
    resident.goto("about:blank")
    context.set_offline(False)
    resident.goto(f"{house.web}/bao-tin")
    expect(resident.locator("#code")).to_be_visible()
    fire = resident.inner_text("#code")
    assert fire != code
    assert serious(resident) == []

    page.goto(f"{house.web}/tips")
    expect(page.locator("#alarms")).to_contain_text("cháy, nổ", timeout=15_000)
    assert serious(page) == []
    follow(page, "#alarms a")
    until(lambda: "Cháy ở bãi rác" in page.inner_text("main"), "the fire")
    assert page.locator(".tip-pictures img").count() == 1  # which waited on the telephone
    the_fire_is_put_out(page, browser, house)
    the_gong_is_answered(page, browser, house)
    page.goto(f"{house.web}/tips?q=xe+may")
    follow(page, "td.first a")
    assert page.locator(".tip-pictures img").count() == 2
    page.select_option("[name=end]", "done")
    page.fill("[name=answer]", "Đã tìm thấy xe, mời đến nhận.")
    follow(page, "form[action$=close] button")
    assert serious(page) == []
    faces_are_blurred_and_it_is_published(page)
    resident.goto(f"{house.web}/bao-tin/da-tra-loi")
    assert "Xe được tìm thấy, người lấy đã bị xử lý." in resident.inner_text("main")
    shown = "[...document.querySelectorAll('article img')].map((one) => one.naturalWidth > 0)"
    until(lambda: resident.evaluate(shown) == [True], "the photo with its face blurred")
    assert serious(resident) == []

    resident.goto(f"{house.web}/theo-doi")
    resident.fill("#code", fire)
    follow(resident, "main form button")
    assert "Đã dập tắt, cảm ơn bà con." in resident.inner_text("main")
    resident.goto(f"{house.web}/theo-doi")
    resident.fill("#code", code.lower())
    follow(resident, "main form button")
    assert "Đã tìm thấy xe" in resident.inner_text("main")
    assert serious(resident) == []
    follow(resident, "button[value=yes]")
    assert "Bạn đã chọn: có" in resident.inner_text("main")
    assert code.replace("-", "") not in resident.url.upper()
    context.close()


def faces_are_blurred_and_it_is_published(page: Page) -> None:
    """Areas by keys and by hand, under the content policy; the copy is looked at before anybody else sees the photo."""
    tip = page.url
    follow(page, "figcaption a")
    page.fill("[name=boxes]", "")  # whatever the program told
    page.click("#add")
    page.keyboard.press("Shift+ArrowRight")  # the new area has the focus
    page.keyboard.press("ArrowDown")
    left, top, width, height = (int(part) for part in page.input_value("[name=boxes]").split(","))
    assert (width > height, top > left / 2) == (True, True)
    box = page.locator("#stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 70)
    page.mouse.up()
    expect(page.locator("#faces-said")).to_have_text("Đã thêm vùng 2.")
    page.keyboard.press("Delete")
    expect(page.locator("#stage button")).to_have_count(1)
    assert page.locator("button[value=checked]").count() == 0  # there is nothing yet that could have been looked at
    follow(page, "button[value=preview]")
    follow(page, "button[value=checked]")
    assert serious(page) == []
    page.goto(tip)
    page.click("summary:has-text('Công bố kết quả')")
    page.fill("form[action$=release] [name=words]", "Xe được tìm thấy, người lấy đã bị xử lý.")
    page.check("[name=pictures]")
    follow(page, "form[action$=release] button")
    assert serious(page) == []


TEAM = """
import json
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, date, datetime
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.ground.land import save_boundary
corners = [[105.96, 20.90], [105.98, 20.90], [105.98, 20.92], [105.96, 20.92], [105.96, 20.90]]
area = json.dumps({"type": "Polygon", "coordinates": [corners]})
save_boundary(None, Hamlet.objects.get(name="Thôn Đông"), area, "địa chính", datetime.now(UTC))
team = User.objects.create_user("to-bao-ve", password)
place = place_key(Hamlet.objects.get(name="Thôn Đông"))
assign(User.objects.get(username="admin"), team, Wanted("security_team", place, first_day=date(2020, 1, 1)), datetime.now(UTC))
"""


def the_fire_is_put_out(page: Page, browser: Browser, house: House) -> None:
    """From the tip to the end: opened at the station, called to a telephone, gone, there, done, closed with an answer."""
    follow(page, "text=Mở vụ việc")
    assert page.input_value("[name=title]") == "Cháy ở bãi rác"
    page.select_option("[name=hamlet]", label="Thôn Đông")
    assert serious(page) == []
    follow(page, "main form button.btn-primary")
    incident = page.url
    context = browser.new_context(viewport=SIZES["phone"], bypass_csp=True)
    team = context.new_page()
    log_in(team, house, "to-bao-ve")
    expect(team.locator("#alarms")).to_contain_text("Cháy ở bãi rác", timeout=15_000)
    follow(team, "#alarms a")
    assert team.url == incident
    assert serious(team) == []
    assert team.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(team, "text=Tôi đi")
    follow(team, "text=Tôi đã có mặt")
    team.fill("[name=done_note]", "Đã dập tắt")
    follow(team, "form[action$=done] button")
    team.goto(f"{house.web}/alerts")
    assert serious(team) == []
    context.close()
    page.goto(f"{house.web}/alerts")
    follow(page, "td.first a")
    page.select_option("[name=result]", "settled")
    page.fill("[name=close_note]", "Đã dập tắt, không ai bị thương")
    page.fill("[name=answer]", "Đã dập tắt, cảm ơn bà con.")
    follow(page, "form[action$=close] button")
    said = page.inner_text("main")
    assert "Đã dập tắt, không ai bị thương" in said
    for path in ("/incidents?state=all", "/coordination"):
        page.goto(f"{house.web}{path}")
        assert serious(page) == []


def the_gong_is_answered(page: Page, browser: Browser, house: House) -> None:
    """A team sounds it from its telephone, the station sees it and comes, somebody is reached by telephone, the team ends it."""
    context = browser.new_context(viewport=SIZES["phone"], bypass_csp=True)
    team = context.new_page()
    log_in(team, house, "to-bao-ve")

    def fits(path: str) -> None:
        team.goto(f"{house.web}{path}")
        assert serious(team) == [], path
        assert team.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    fits("/signals/tree")
    team.fill("#id_name", "Bà Mận")
    team.fill("#id_phone", "0912 345 678")
    follow(team, "form[action$='tree/add'] button")
    fits("/signals/tree")
    fits("/signals/new")
    team.click("text=Kẻng ba tiếng một")
    team.fill("[name=place]", "Ngã ba chợ")
    follow(team, "main form button.btn-primary")
    expect(page.locator("#alarms")).to_contain_text("Kẻng ba tiếng một", timeout=15_000)
    follow(page, "#alarms a")
    assert serious(page) == []
    follow(page, "text=Chúng tôi đến")
    fits(team.url.removeprefix(house.web))
    assert "1 trên 3" in team.inner_text("main")
    follow(team, "text=Đã có mặt")
    follow(team, "button[aria-label='Đã gọi được: Bà Mận']")
    team.click("text=Kết thúc báo động >> nth=0")
    team.select_option("[name=end]", "done")
    team.fill("[name=came]", "12")
    team.fill("[name=outcome]", "Bắt được một người")
    follow(team, "form[action$=end] button")
    assert "12 người đến" in team.inner_text("main")
    for path in ("/signals", "/signals/report"):
        fits(path)
    context.close()


# What a push service would give; Chromium asks one on the internet, so its answer is put in its place.
A_PUSH_ADDRESS = """
PushManager.prototype.subscribe = async () => ({ toJSON: () => ({
    endpoint: "https://push.example.net/abc", expirationTime: null,
    keys: { p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            auth: "BTBZMqHH6r4Tts7J_aSIgg" },
}) });
"""
SHOWN = """navigator.serviceWorker.getRegistration("/nhan-tin").then((one) => one.getNotifications())
    .then((found) => found.map((each) => [each.title, each.data.url]))"""


AT_THE_MARKET = f"""
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, datetime
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.registry.models import Site
Site.objects.filter(cameras__name="Cổng chợ").update(latitude="{HERE[0]}", longitude="{HERE[1]}")
night = User.objects.create_user("truc-dem", password)
assign(User.objects.get(username="admin"), night, Wanted("duty"), datetime.now(UTC))
"""
ITS_CLOCK_RUNS_OUT = """
from luytre.bridge.django import start_django
start_django()
from datetime import timedelta
from django.db.models import F
from luytre.civic.incidents.models import Incident
print(Incident.objects.filter(title="Đánh nhau ở chợ").update(due=F("opened") - timedelta(minutes=1)))
"""


def test_a_clock_that_runs_out_calls_the_backup_and_the_next_shift_takes_over(browser: Browser, house: House) -> None:
    """At phone width: an incident with its cameras at that minute and its footage held; nobody goes, so the police are called;
    the shift that saw it hands over, and the next one finds it."""
    inside(house, f"password = {PASSWORD!r}\n{AT_THE_MARKET}")
    phone = browser.new_context(viewport=SIZES["phone"])
    head = phone.new_page()
    come_in(head, house)
    bar = head.locator("nav.phone-bar > a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert bar == ["/wall", "/alerts", "/incidents"]
    head.goto(f"{house.web}/shifts")
    follow(head, "form[action='/shifts/take'] button")
    head.goto(f"{house.web}/incidents/new")
    head.select_option("[name=kind]", "disorder")
    head.fill("[name=title]", "Đánh nhau ở chợ")
    head.select_option("[name=hamlet]", label="Thôn Đông")
    head.fill("[name=position]", f"{HERE[0]}, {HERE[1]}")
    follow(head, "main form button.btn-primary")
    incident = head.url
    said = head.inner_text("main")
    assert "giữ lại hình" in said.lower()
    seen = head.locator("main a[href^='/playback']").first
    assert house.keys[0] in str(seen.get_attribute("href"))
    assert "at=" in str(seen.get_attribute("href"))

    assert inside(house, ITS_CLOCK_RUNS_OUT).strip() == "1"

    def backed_up() -> bool:
        head.goto(incident)
        return "quá thời hạn, gọi thêm" in head.inner_text("main").lower()

    until(backed_up, "the backup is called")
    expect(head.locator("#alarms")).to_contain_text("Đánh nhau ở chợ", timeout=15_000)

    head.goto(f"{house.web}/shifts")
    head.select_option("[name=whom]", label="truc-dem")
    head.fill("[name=hand_note]", "Chưa ai đến chợ")
    follow(head, "form[action='/shifts/hand'] button")
    other = browser.new_context(viewport=SIZES["phone"])
    night = other.new_page()
    log_in(night, house, "truc-dem")
    night.goto(f"{house.web}/shifts")
    assert "Chưa ai đến chợ" in night.inner_text("main")
    follow(night, "form[action='/shifts/take'] button")
    assert "Đánh nhau ở chợ" in night.inner_text("main")
    assert night.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(night, "a:has-text('Đánh nhau ở chợ')")
    follow(night, "text=Tôi đi")
    assert night.url == incident
    for context in (phone, other):
        context.close()


def test_a_telephone_wishes_for_messages_and_shows_one_that_comes(browser: Browser, house: House) -> None:
    context = browser.new_context(viewport=SIZES["phone"], bypass_csp=True)
    context.grant_permissions(["notifications"], origin=house.web)
    context.add_init_script(A_PUSH_ADDRESS)
    page = context.new_page()
    page.goto(f"{house.web}/nhan-tin")
    assert serious(page) == []
    page.click("form#news button[type=submit]")
    until(lambda: "ít nhất một loại tin" in page.inner_text("#err-topics"), "what is wrong at its field")
    page.check("input[name=topics][value=disaster]")
    page.check("#id_everywhere")
    page.click("form#news button[type=submit]")
    until(lambda: "tin sẽ tới máy này" in page.inner_text("#push-said"), "taken")
    assert page.inner_text("#err-topics") == ""
    assert context.cookies() == []
    devtools, found = context.new_cdp_session(page), list[str]()
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    until(lambda: page.evaluate("true") and bool(found), "the worker")
    told = {"title": "Nước lên", "body": "Không qua ngầm.", "url": "https://elsewhere.example/x", "tag": "k"}
    sent = {"origin": house.web, "registrationId": found[0], "data": json.dumps(told)}
    devtools.send("ServiceWorker.deliverPushMessage", sent)
    until(lambda: page.evaluate(SHOWN) == [["Nước lên", f"{house.web}/nhan-tin"]], "the notification")
    context.close()


def test_a_telephone_of_the_staff_is_added_and_rings_with_its_page_closed(browser: Browser, house: House) -> None:
    context = browser.new_context(viewport=SIZES["phone"])
    context.grant_permissions(["notifications"], origin=house.web)
    context.add_init_script(A_PUSH_ADDRESS)
    page = context.new_page()
    come_in(page, house)
    page.goto(f"{house.web}/account")
    page.click("form[data-ring] button")
    page.wait_for_selector("#rings li")
    devtools, found = context.new_cdp_session(page), list[str]()
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    until(lambda: page.evaluate("true") and bool(found), "the worker")
    told = {"title": "Vụ 1/2026: cháy, nổ", "body": "Thôn Đông · còn 4 phút", "url": "/incidents/k1", "tag": "k1", "urgent": True}
    sent = {"origin": house.web, "registrationId": found[0], "data": json.dumps(told)}
    devtools.send("ServiceWorker.deliverPushMessage", sent)
    shown = [["Vụ 1/2026: cháy, nổ", f"{house.web}/incidents/k1"]]
    until(lambda: page.evaluate(SHOWN.replace('"/nhan-tin"', '"/"')) == shown, "the notification")
    page.click("#rings li button:has-text('Gỡ bỏ')")
    page.wait_for_selector("#rings li", state="detached")
    context.close()
