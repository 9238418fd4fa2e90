"""The page of cecil-serve: its files and headers; and, slow, itself in headless Chromium."""

import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cecil.api import page as served
from cecil.api.server import ServerManager
from cecil.sanitizer.policy import Policy, built_in, built_in_names
from tests.conftest import BIN, ROOT, environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MAIL = "dana.fox@example.com"
PATIENCE = 120_000
"""Milliseconds; the first answer of a server waits for its patterns."""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerManager]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(ROOT / ".test-cache"))
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            patch.delenv(name)
        with ServerManager(arguments=["--workers", "1"]) as manager:
            yield manager


# --- files and headers


def ask(
    server: ServerManager, method: str, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.address["port"], timeout=60)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_files_need_no_token_and_may_do_little(server: ServerManager) -> None:
    for path, file in served.files().items():
        response, body = ask(server, "GET", path)
        assert (response.status, body) == (200, file.data)
        assert response.getheader("Content-Type") == file.media_type
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("Referrer-Policy") == "no-referrer"
        assert response.getheader("X-Frame-Options") == "DENY"
        policy = response.getheader("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_files_are_sent_once(server: ServerManager) -> None:
    for path, file in served.files().items():
        for asked in (file.etag, f"W/{file.etag}", f'"x", {file.etag}'):
            response, body = ask(server, "GET", path, If_None_Match=asked)
            assert (response.status, body, response.getheader("ETag")) == (304, b"", file.etag)
        assert ask(server, "GET", path, If_None_Match='"x"')[0].status == 200
        response, body = ask(server, "HEAD", path)
        assert (response.status, body) == (200, b"")
        assert response.getheader("Content-Length") == str(len(file.data))


def test_the_page_is_of_this_host_only(server: ServerManager) -> None:
    assert ask(server, "GET", "/", Host="attacker.example")[0].status == 400
    assert ask(server, "POST", "/")[0].status in (401, 405)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    for path, file in served.files().items():
        text = file.data.decode()
        known = "http://www.w3.org/2000/svg" if path == "/icon.svg" else r"https://(?:shop|clinic)\.example/"
        assert not re.search(r"https?://", re.sub(known, "", text)), path
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "@import",
        ):
            assert word not in text, path
    elements = Elements()
    elements.feed(served.files()["/"].data.decode())
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert tag not in ("style", "iframe", "object", "embed", "base")
        assert tag != "script" or attributes == {"type": "module", "src": "page.js"}


def test_what_the_script_looks_for_is_there() -> None:
    elements = Elements()
    elements.feed(served.files()["/"].data.decode())
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    script = served.files()["/page.js"].data.decode()
    assert set(re.findall(r'\$\("([a-z-]+)"\)', script)) <= set(ids)
    for name in ("for", "aria-labelledby", "aria-describedby"):
        for _, attributes in elements.found:
            assert set((attributes.get(name) or "").split()) <= set(ids)


PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "soft", "accent", "wrong") for ground in ("panel", "ground")),
    ("accent-ink", "accent", 4.5),
    *((f"{kind}-ink", kind, 4.5) for kind in "secret contact money person health net other".split()),
    # What has no text needs 3 (WCAG 1.4.11).
    ("edge", "panel", 3),
    ("focus", "panel", 3),
    ("focus", "ground", 3),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(scheme: int) -> None:
    """Contrast as WCAG 2.1 defines it: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    sheet = served.files()["/page.css"].data.decode()
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[scheme]))

    def light(name: str) -> float:
        parts = [int(colours[name][at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink, ground, least in PAIRS:
        dark, bright = sorted((light(ink), light(ground)))
        assert (bright + 0.05) / (dark + 0.05) >= least, (ink, ground)


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium. Where it is not there this fails, and is not skipped: `make browser` brings it."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CECIL_CHROMIUM") or shutil.which("chromium")
    assert chromium, "no chromium: run `make browser`, or set CECIL_CHROMIUM"
    with sync_playwright() as playwright:
        # Its sandbox needs namespaces, which containers of CI deny; it only ever sees this server.
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        yield browser
        browser.close()


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: "Browser", server: ServerManager) -> Iterator[Open]:
    """Opens the page; at the end it must have asked nobody else, and have had no error."""
    pages: list[Page] = []
    errors: list[str] = []
    asked: set[str] = set()

    def open_page(fragment: str | None = None, **more: Any) -> "Page":
        more = {"viewport": {"width": 1300, "height": 900}} | more
        context = browser.new_context(**more)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        # A refused request is an answer, which the page shows.
        page.on(
            "console",
            lambda one: (
                errors.append(one.text) if one.type == "error" and "status of 4" not in one.text else None
            ),
        )
        page.on("request", lambda request: asked.add(request.url.split("#")[0]))
        page.goto(server.url + "/" + (f"#token={server.token}" if fragment is None else fragment))
        pages.append(page)
        if fragment is None:
            settled(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert errors == []
    assert {url for url in asked if not url.startswith((server.url + "/", "blob:"))} == set()


def settled(page: "Page") -> None:
    page.locator('#result[aria-busy="false"] #counts dd').first.wait_for(timeout=PATIENCE)


def paste(page: "Page", text: str) -> None:
    page.fill("#sample", text)
    again(page)


def again(page: "Page") -> None:
    """Wait until what was typed is judged."""
    page.wait_for_timeout(450)
    settled(page)


def counted(page: "Page", name: str, count: int) -> None:
    """Wait until a count is so."""
    page.locator("#counts div", has_text=re.compile(rf"^{name}{count}$")).wait_for()


def texts(page: "Page", side: int, line: int = 1) -> list[str]:
    """The marked texts of a line; side 1 is before, 2 after."""
    return page.locator(
        f"#rows > .line:nth-child({line}) > span:nth-child({side + 1}) mark .text"
    ).all_inner_texts()


@pytest.mark.slow
class TestPage:
    def test_the_token_stays_in_memory(self, open_page: Open, server: ServerManager) -> None:
        page = open_page()
        assert page.url == server.url + "/"
        kept = page.evaluate(
            "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, history.state])"
        )
        assert server.token not in kept + page.content()
        assert page.evaluate("history.length") <= 2
        page.reload()
        page.locator("#entry").wait_for()
        page.fill("#token", server.token)
        page.keyboard.press("Enter")
        settled(page)
        assert page.locator("#entry").is_hidden()
        assert page.input_value("#token") == ""

    def test_a_wrong_token(self, open_page: Open) -> None:
        page = open_page("#token=wrong")
        page.locator("#refused", has_text="does not take this token").wait_for()
        assert page.locator("#work").is_hidden()
        assert page.evaluate("document.activeElement.id") == "token"
        assert open_page("").locator("#entry").is_visible()

    def test_before_and_after(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f'by {MAIL} from 8.8.8.8\n{{"by":"{MAIL}","n":4111111111111111}}\nnothing\n{{"a":\n')
        assert [texts(page, 1, line) for line in (1, 2, 3)] == [
            [MAIL, "8.8.8.8"],
            [MAIL, "4111111111111111"],
            [],
        ]
        assert [texts(page, 2, line) for line in (1, 2, 3)] == [
            ["<EMAIL_ADDRESS>", "<IP_ADDRESS>"],
            ["<EMAIL_ADDRESS>", "null"],
            [],
        ]
        assert "goes to quarantine: not valid JSON" in page.inner_text("#rows > .line:nth-child(4)")
        for name, count in (
            ("findings", 4),
            ("lines read", 4),
            ("go on", 3),
            ("dropped", 0),
            ("in quarantine", 1),
        ):
            counted(page, name, count)
        assert page.inner_text("#legend").split("\n") == ["EMAIL_ADDRESS 2", "CREDIT_CARD 1", "IP_ADDRESS 1"]
        assert page.locator("#findings tbody tr").count() == 4
        assert page.text_content("#status") == "4 findings in 2 of 4 lines; 1 line could not be judged"
        page.check("#changed")
        assert page.locator("#rows > .line").count() == 3
        paste(page, "")
        assert "paste a line" in page.inner_text("#rows")

    def test_why_and_what_nearly_was(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f"order 4111111111111112 of {MAIL}")
        assert page.inner_text("#findings tbody tr").split("\t")[1:] == [
            "26–46",
            "EMAIL_ADDRESS",
            "a pattern (EmailRecognizer)",
            "100 %",
            "redact",
        ]
        assert page.inner_text("#misses tbody tr").split("\t")[2:] == [
            "CREDIT_CARD",
            "a pattern (CreditCardRecognizer)",
            "the check failed",
        ]
        near = page.locator("#rows .near")
        assert near.inner_text() == "4111111111111112"
        title = near.get_attribute("title")
        assert title is not None
        assert title.split("; ") == [
            "not CREDIT_CARD: the check failed",
            "not US_BANK_NUMBER: no word near speaks for it",
            "not US_DRIVER_LICENSE: no word near speaks for it",
        ]
        page.uncheck("#near")
        assert near.count() == 0
        assert "DATE_TIME" in page.inner_text("#not")

    @pytest.mark.parametrize(
        "text",
        [
            "<script>window.ran = 1</script>",
            "<img src=x onerror='window.ran = 1'>",
            '{"<script>window.ran = 1</script>": "<svg onload=window.ran=1>", "m": "' + MAIL + '"}',
            '"><svg/onload=window.ran=1> ' + MAIL,
            "javascript:window.ran=1 {{constructor.constructor('window.ran=1')()}}",
        ],
    )
    def test_a_sample_never_runs(self, open_page: Open, text: str) -> None:
        page = open_page()
        paste(page, text)
        page.fill("#policy", f"version: 1\nextends: default\nentities: {{'{text[:60]}': keep}}\n")
        page.locator("#mistakes li").first.wait_for()
        assert page.evaluate("window.ran") is None
        assert page.locator("main script, main img, main svg").count() == 0
        shown = page.locator("#rows > .line > span:nth-child(2)").first.evaluate(
            "cell => { const all = cell.cloneNode(true); all.querySelectorAll('.name').forEach(n => n.remove()); return all.textContent; }"
        )
        assert shown == text

    def test_the_browser_would_refuse_it_too(self, browser: "Browser", server: ServerManager) -> None:
        page = browser.new_page()
        try:
            page.goto(server.url)
            tried = (
                "() => { try { document.body.innerHTML = '<b>x</b>' } catch (error) { return error.name } }"
            )
            assert page.evaluate(tried) == "TypeError"
            heard = page.evaluate(
                "() => new Promise(done => {"
                "addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));"
                "new Image().src = 'http://192.0.2.1/x'; })"
            )
            assert heard == "img-src"
        finally:
            page.close()

    def test_what_is_not_seen_is_shown(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f"1\u202e2\u200b {MAIL}\x01")
        assert "1\\u202e2\\u200b" in page.inner_text("#rows .side >> nth=0")

    def test_an_action_is_changed_and_seen_at_once(self, open_page: Open, tmp_path: Path) -> None:
        page = open_page()
        paste(page, f"by {MAIL} from 8.8.8.8")
        page.locator("#action-EMAIL_ADDRESS").focus()
        page.select_option("#action-EMAIL_ADDRESS", "mask")
        page.locator("#rows mark", has_text="****").wait_for()
        assert page.evaluate("document.activeElement.id") == "action-EMAIL_ADDRESS"
        page.select_option("#action-IP_ADDRESS", "keep")
        counted(page, "finding", 1)
        settled(page)
        assert texts(page, 2) == ["*" * len(MAIL)]
        assert page.locator("#action-IP_ADDRESS").input_value() == "keep"
        assert "IP_ADDRESS" in page.inner_text("#not")
        page.select_option("#action-default", "hash")
        settled(page)
        with page.expect_download() as download:
            page.click("#download")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.name == "policy.yaml"
        assert path.read_text() == page.input_value("#policy")
        run = subprocess.run(
            [str(BIN / "cecil-redact"), "--policy", str(path), "--nlp", "none", "-q"],
            input=f"by {MAIL} from 8.8.8.8\n".encode(),
            capture_output=True,
            check=True,
            env=environment(tmp_path),
        )
        assert run.stdout == f"by {'*' * len(MAIL)} from 8.8.8.8\n".encode()
        page.click("#undo")
        settled(page)
        assert page.input_value("#policy") == "version: 1\nextends: default\n"
        assert page.locator("#undo").is_hidden()

    def test_a_policy_that_is_wrong(self, open_page: Open) -> None:
        page = open_page()
        page.fill("#policy", "version: 1\nextends: default\nentities:\n  EMAIL_ADRESS: mask\n")
        button = page.locator("#mistakes button")
        button.wait_for()
        assert button.inner_text() == "line 4"
        assert "unknown entity EMAIL_ADRESS" in page.inner_text("#mistakes")
        assert page.get_attribute("#policy", "aria-invalid") == "true"
        assert "last one that was" in page.inner_text("#trouble")
        button.click()
        assert page.evaluate("document.activeElement.id") == "policy"
        assert page.evaluate("getSelection().toString()").strip() == "EMAIL_ADRESS: mask"
        page.fill("#policy", "version: 1\nextends: default\n")
        page.locator("#mistakes li").wait_for(state="detached")
        assert page.get_attribute("#policy", "aria-invalid") is None
        assert page.inner_text("#trouble") == ""

    def test_policies_are_chosen_shown_and_kept(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f"{MAIL} at https://shop.example/a")
        page.select_option("#policies", "secrets-only")
        counted(page, "findings", 0)
        page.click("#whole summary")
        page.locator("#shown", has_text="version: 1").wait_for()
        page.fill("#policy", "version: 1\nextends: secrets-only\nentities: {EMAIL_ADDRESS: mask}\n")
        page.locator("#rows mark").first.wait_for()
        page.fill("#name", "Not a name")
        page.click("#keep button")
        assert page.inner_text("#kept") == ""
        page.fill("#name", "mine")
        page.click("#keep button")
        page.locator("#kept", has_text="as mine").wait_for()
        assert page.input_value("#policies") == "mine"
        page.select_option("#policies", "default")
        settled(page)
        page.select_option("#policies", "mine")
        settled(page)
        assert (
            page.input_value("#policy")
            == "version: 1\nextends: secrets-only\nentities: {EMAIL_ADDRESS: mask}\n"
        )
        assert texts(page, 2) == ["*" * len(MAIL)]

    def test_what_a_strict_policy_drops(self, open_page: Open) -> None:
        page = open_page()
        page.fill("#policy", "version: 1\nstrategy: strict\nfields: {a: keep}\n")
        paste(page, f'{{"a":1,"{MAIL}":"x","b":{{"c":2}}}}')
        assert texts(page, 1) == [f'"{MAIL}":"x"', '"b":{"c":2}']
        assert page.locator("#rows mark.gone").count() == 2
        assert page.inner_text("#rows .side >> nth=1") == '{"a":1}'
        assert "no rule keeps it" in page.inner_text("#findings tbody")
        page.locator("#findings tbody button").last.click()
        assert page.locator("#rows mark.at .text").all_inner_texts() == ['"b":{"c":2}']

    def test_samples(self, open_page: Open, tmp_path: Path) -> None:
        page = open_page()
        for index in range(page.locator("#samples option").count() - 1):
            page.select_option("#samples", str(index))
            settled(page)
            page.wait_for_timeout(300)
            settled(page)
            lines = page.input_value("#sample").rstrip("\n").split("\n")
            shown = page.locator("#rows > .line > span:nth-child(2)").evaluate_all(
                "cells => cells.map(cell => { const all = cell.cloneNode(true);"
                "all.querySelectorAll('.name').forEach(one => one.remove()); return all.textContent; })"
            )
            assert [text.replace("\\u200b", "\u200b") for text in shown] == lines
            assert page.locator("#rows mark").count() > 1
            # Each finding has its place on either side.
            for button in page.locator("#findings tbody button").all():
                button.click()
                assert page.locator("#rows mark.at").count() >= 2

    def test_what_calls_cost(self, open_page: Open, tmp_path: Path) -> None:
        page = open_page()
        page.select_option("#samples", label="Calls of language models")
        page.locator("#calls tfoot tr").wait_for()
        assert page.input_value("#policies") == "llm"
        run = subprocess.run(
            [str(BIN / "cecil-report"), "--format", "json", "-q", "--no-notice"],
            input=page.input_value("#sample").encode(),
            capture_output=True,
            check=True,
            env=environment(tmp_path),
        )
        total = json.loads(run.stdout)["total"]
        told = page.inner_text("#calls tfoot tr").split("\t")
        assert told == [
            "all",
            str(total["calls"]),
            "0",
            f"{total['in_fresh']:,}",
            "0",
            str(total["out_text"]),
            f"{total['cost_usd']:.6f}",
        ]
        paste(page, "no calls")
        page.wait_for_timeout(800)
        assert page.locator("#cost").is_hidden()

    def test_by_keyboard(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f"by {MAIL} from 8.8.8.8\nby {MAIL}")
        page.locator(".skip").focus()
        order = ["skip"]
        for _ in range(40):
            page.keyboard.press("Tab")
            order.append(
                page.evaluate(
                    "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
                )
            )
            if order[-1] in order[:-1]:
                break
        wanted = [
            "skip",
            "samples",
            "sample",
            "policies",
            "action-default",
            "action-EMAIL_ADDRESS",
            "policy",
            "download",
            "name",
            "near",
            "changed",
            "wrap",
        ]
        assert [one for one in order if one in wanted] == wanted
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "result"
        for _ in range(4):
            page.keyboard.press("Tab")
        marked = "document.activeElement.querySelector('.text')?.textContent"
        seen = [page.evaluate(marked)]
        for key in ("ArrowRight", "ArrowRight", "End", "Home", "ArrowLeft", "ArrowDown"):
            page.keyboard.press(key)
            seen.append(page.evaluate(marked))
        assert seen == [MAIL, "8.8.8.8", "<EMAIL_ADDRESS>", "<EMAIL_ADDRESS>", MAIL, MAIL, "8.8.8.8"]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('tr').innerText").split("\t")[2] == "IP_ADDRESS"
        page.keyboard.press("Enter")
        assert page.evaluate(marked) == "8.8.8.8"

    @pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 1300), ("light", 390)])
    def test_accessible(self, open_page: Open, scheme: str, width: int) -> None:
        look = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
        page = open_page(**look)
        page.select_option("#samples", label="Calls of language models")
        page.locator("#calls tfoot tr").wait_for()
        settled(page)
        page.locator("#rows mark").first.click()
        audit(page)
        page.select_option("#samples", label="Hidden in encodings")
        again(page)
        page.uncheck("#wrap")
        page.fill("#policy", "version: 2\n")
        page.locator("#mistakes li").first.wait_for()
        audit(page)
        # Nothing is wider than the screen.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page = open_page("#token=wrong", **look)
        page.locator("#refused", has_text="token").wait_for()
        audit(page)

    def test_to_a_screen_reader(self, open_page: Open) -> None:
        page = open_page()
        paste(page, f"by {MAIL}")
        assert page.get_by_role("table", name="Before and after").get_by_role(
            "columnheader"
        ).all_inner_texts() == [
            "Line",
            "Before",
            "After",
        ]
        assert page.get_by_role("button", name=f"EMAIL_ADDRESS before: {MAIL}").count() == 1
        assert page.get_by_role("button", name="EMAIL_ADDRESS after: <EMAIL_ADDRESS>").count() == 1
        assert page.get_by_role("combobox", name="EMAIL_ADDRESS").input_value() == "redact"
        for name in (
            "Sample",
            "Policy",
            "Before and after",
            "Why each was taken",
            "What nearly was",
            "What is not covered",
        ):
            assert page.get_by_role("heading", name=name, exact=True).count() == 1

    def test_a_server_that_has_ended(self, browser: "Browser") -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(ROOT / ".test-cache"))
            manager = ServerManager(arguments=["--workers", "1"])
            manager.start()
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        try:
            page.goto(manager.address["page"])
            settled(page)
            manager.stop()
            page.fill("#sample", "x")
            page.locator("#trouble", has_text="Has it ended?").wait_for()
        finally:
            manager.stop()
            page.close()


def audit(page: "Page") -> None:
    """No rule of WCAG 2.1 A and AA that axe-core knows is broken, contrast among them."""
    import axe_playwright_python.base

    # `evaluate` is no script of the page: its policy holds all the same.
    page.evaluate(Path(axe_playwright_python.base.AXE_FILE_PATH).read_text() + "; undefined")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    found = page.evaluate("rules => axe.run({runOnly: rules})", rules)
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]] == []


POLICIES = [
    "",
    "version: 1\n",
    "version: 1\nextends: default",
    "version: 1\nentities: {}\n",
    "version: 1\nentities: {URL: keep, EMAIL_ADDRESS: {action: mask, keep_last: 4}, UUID: keep} # which\n",
    "version: 1\nentities:\n    URL: keep\n    # a remark\n\n    EMAIL_ADDRESS:\n      action: mask\n      keep_last: 4\n    UUID: keep\nfields: {a: keep}\n",
    "version: 1\nentities:\n  EMAIL_ADDRESS: {action: mask, keep_last: 4} # why\n",
    "version: 1\ndefault:\n  action: mask\n  keep_last: 2\nentities:\n  URL: keep\n",
    *(f"version: 1\nextends: {name}\n" for name in built_in_names()),
    *(built_in(name).decode() for name in built_in_names()),
]


@pytest.mark.slow
class TestParts:
    """The modules of the page by themselves."""

    @pytest.fixture
    def module(self, open_page: Open) -> Callable[..., Any]:
        page = open_page("")

        def run(name: str, function: str, *args: Any) -> Any:
            code = "async ([name, function_, args]) => (await import(name))[function_](...args)"
            return page.evaluate(code, [name, function, list(args)])

        return run

    def test_edits(self, module: Callable[..., Any]) -> None:
        for text in POLICIES:
            for entity, action in (("EMAIL_ADDRESS", "hash"), ("IP_ADDRESS", "keep")):
                new = module("/edits.js", "withAction", text, entity, action)
                if not text:
                    new = "version: 1\n" + new
                policy = Policy.parse(new.encode(), "p.yaml")
                assert policy.action(entity).name == action, text
                assert policy.action(entity).options == ()
                if text:
                    old = Policy.parse(text.encode(), "p.yaml")
                    others = {name: one for name, one in old.entities.items() if name != entity}
                    assert {name: one for name, one in policy.entities.items() if name != entity} == others
                    assert policy.fields == old.fields
                assert module("/edits.js", "withAction", new, entity, action) == new
            if text:
                new = module("/edits.js", "withDefault", text, "mask")
                policy = Policy.parse(new.encode(), "p.yaml")
                assert (policy.default.name, policy.default.options) == ("mask", ())
                assert policy.entities == Policy.parse(text.encode(), "p.yaml").entities

    @pytest.mark.parametrize(
        ("before", "after", "findings", "wanted"),
        [
            ("😀 ab c", "😀 <X> c", [("", 2, 4)], (["ab"], ["<X>"])),
            ('{"a":"\\ud83d\\ude00 \\u00e9b"}', '{"a":"\\ud83d\\ude00 <X>"}', [("/a", 2, 4)], (["\\u00e9b"], ["<X>"])),
            ('{"a":[1,{"b~/":"x y"}]}', '{"a":[1,{"b~/":"x <X>"}]}', [("/a/1/b~0~1", 2, 3)], (["y"], ["<X>"])),
            ('{"x@y":{"z":"k"}}', '{"<X>":{"z":"<X>"}}', [("/<X>", 0, 3), ("/<X>/z", 0, 1)], (["x@y", "k"], ["<X>", "<X>"])),
            ('{"a":12, "b":1}', '{"a":null, "b":1}', [("/a", 0, 2)], (["12"], ["null"])),
            ('{"a":1,"b":[2],"c":3}', '{"a":1,"c":3}', [("/b", 0, 0)], (['"b":[2]'], [])),
            ('{"a":1,"b":2}', '{"b":2}', [("", 0, 0)], (['"a":1'], [])),
            ('{"a":"x x"}', '{"a":"<X> <X>"}', [("/a", 0, 1), ("/a", 2, 3)], (["x", "x"], ["<X>", "<X>"])),
            ('{"a":"ab"}', '{"a":"<XY>"}', [("/a", 0, 2), ("/a", 0, 2)], (["ab"], ["<XY>"])),
            ("key line", "<KEY> line", [], (["key"], ["<KEY>"])),
            ("a b", None, [], ([], [])),
            ("{broken", "{broken", [], ([], [])),
            ("[" * 3000 + '"x"' + "]" * 3000, "[" * 3000 + '"<X>"' + "]" * 3000, [("/0" * 3000, 0, 1)], (["x"], ["<X>"])),
        ],
    )  # fmt: skip
    def test_marks(
        self, module: Callable[..., Any], before: str, after: str | None, findings: list[Any], wanted: Any
    ) -> None:
        ones = [
            {
                "pointer": pointer,
                "start": start,
                "end": end,
                "entity": "X",
                "action": "redact",
                "detector": "d",
                "score": 1,
            }
            for pointer, start, end in findings
        ]
        told = module("/marks.js", "marks", before, after, ones, [])

        def cut(text: str | None, places: list[dict[str, Any]]) -> list[str]:
            data = (text or "").encode("utf-16-le")
            return [data[2 * one["start"] : 2 * one["end"]].decode("utf-16-le") for one in places]

        assert (cut(before, told["before"]), cut(after, told["after"])) == wanted
