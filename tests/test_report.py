"""cecil-report: the sums, the accounting, and how they are printed."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.fingerprint.prices import PICO, PriceList
from cecil.fingerprint.record import Fingerprint, parse
from cecil.fingerprint.rollup import By, Rollup
from cecil.report import table

DATA = Path(__file__).parent / "data" / "llm"
PRICES = PriceList.packaged()
TODAY = PRICES.date.isoformat()
Run = Callable[..., Any]

LINES = [
    json.loads(line)
    for name in ("openai_chat", "openai_chat_error", "anthropic_messages", "anthropic_messages_error")
    for line in (DATA / f"{name}.expected.jsonl").read_text().splitlines()
]


def fingerprints(rows: list[dict[str, Any]] = LINES) -> list[Fingerprint]:
    return [parse(row, PRICES) for row in rows]


def rollup(rows: list[dict[str, Any]] = LINES, by: By = By.MODEL) -> Rollup:
    sums = Rollup(PRICES, by)
    for record in fingerprints(rows):
        sums.add(record)
    return sums


def stdin(rows: list[dict[str, Any]] = LINES) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


TABLE = """\
model                        calls  errors   input  cache read  cache write  output  reasoning  cost USD
---------------------------------------------------------------------------------------------------------
anthropic/claude-sonnet-4-6      1       0  55,416           0            0     133          0    0.1682
openai/gpt-5.6-sol               1       0       8           0        4,012       4          0    0.0252
anthropic/claude-opus-4-8        2       0   2,522       1,590        1,590      30          0    0.0241
anthropic/claude-sonnet-4-0      1       0   2,674           0            0     373          0    0.0136
anthropic/claude-sonnet-5        1       0   2,390           0            0     121          0    0.0060
anthropic/claude-sonnet-4-5      1       0     558           0            0      46          0    0.0024
openai/gpt-5-mini                1       0     126           0            0      21         64    0.0002
openai/gpt-4o-audio-preview      1       0      64           0            0       9          0  unpriced
anthropic/claude-opus-4-6        1       1       0           0            0       0          0    0.0000
other                            2       2       0           0            0       0          0    0.0000
---------------------------------------------------------------------------------------------------------
total                           12       3  63,758       1,590        5,602     737         64    0.2397+

accounting: 15 records of 12 calls read = 11 priced + 1 unpriced + 3 without usage
unpriced: 1 audio or image tokens; a cost marked + leaves records out
quality: 100.0 % of tokens fully reported; 6 records flagged
time: 9 records have no time and are priced as of the list's date
prices: list prices of 2026-10-26, USD (genai-prices 0.2.3); not an invoice
"""


def test_the_table(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, stdin=stdin())
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, TABLE, b"")


def test_the_table_from_the_logs_themselves(cecil: Run) -> None:
    logs = b"".join(
        (DATA / f"{name}.jsonl").read_bytes()
        for name in ("openai_chat", "openai_chat_error", "anthropic_messages", "anthropic_messages_error")
    )
    made = cecil("fingerprint", stdin=logs)
    assert made.returncode == 0
    assert cecil("report", "--today", TODAY, stdin=made.stdout).stdout.decode() == TABLE


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("day", ["2025-03-25", "2026-02-17", "2026-07-15", "unknown"]),
        ("hour", ["2025-03-25T12Z", "2026-02-17T02Z", "2026-07-15T05Z", "unknown"]),
    ],
)
def test_by_time(cecil: Run, by: str, groups: list[str]) -> None:
    done = cecil("report", "--today", TODAY, "--by", by, stdin=stdin())
    rows = done.stdout.decode().splitlines()
    assert rows[0].startswith(by)
    assert [row.split()[0] for row in rows[2:6]] == groups
    assert rows[7].startswith("total")
    assert rows[7].split()[1:] == TABLE.splitlines()[13].split()[1:]


def test_json_has_every_digit(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--format", "json", stdin=stdin())
    report = json.loads(done.stdout, parse_float=Decimal)
    sums = rollup()
    assert report["total"]["cost_usd"] == Decimal(sums.total.cost).scaleb(-12)
    assert sum(group["cost_usd"] for group in report["groups"]) == report["total"]["cost_usd"]
    assert report["groups"][0]["model"] == "anthropic/claude-sonnet-4-6"
    accounting = report["accounting"]
    assert accounting["read"] == 15
    assert accounting["read"] == (
        accounting["priced"] + sum(accounting["unpriced"].values()) + accounting["without_usage"]
    )
    assert accounting["unpriced"]["units"] == 1
    assert report["prices"] == {
        "date": "2026-10-26",
        "currency": "USD",
        "source": "genai-prices 0.2.3",
        "kind": "list",
        "stale": False,
    }


def test_csv_has_a_header_and_a_row_a_group(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--format", "csv", stdin=stdin())
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert len(rows) == 10
    assert sum(Decimal(row["cost_usd"]) for row in rows) == Decimal(rollup().total.cost).scaleb(-12)
    assert rows[0]["model"] == "anthropic/claude-sonnet-4-6"
    assert rows[0]["in_fresh"] == "55416"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_nothing_read_is_a_report_of_nothing(cecil: Run, form: str) -> None:
    done = cecil("report", "--today", TODAY, "--format", form)
    assert done.returncode == 0
    if form == "table":
        assert "accounting: 0 records of 0 calls read = 0 priced" in done.stdout.decode()
        assert "total" in done.stdout.decode()


@pytest.mark.parametrize(
    "line",
    [
        (DATA / "openai_chat.jsonl").read_bytes().splitlines()[0],
        b'{"message": "ada"}',
        b"ada",
        b"[]",
        b'{"v":1,"src":"ada"}',
        b'{"cut": "ada',
        json.dumps(LINES[0] | {"model": "adam"}).encode(),
    ],
)
def test_what_is_no_fingerprint_is_an_error_with_a_remedy(cecil: Run, line: bytes) -> None:
    done = cecil("report", stdin=stdin(LINES[:1]) + line + b"\n")
    assert (done.returncode, done.stdout) == (1, b"")
    message, hint = done.stderr.decode().splitlines()
    assert message.startswith("cecil-report: <stdin>:2: not ")
    assert hint == "hint: cecil-report reads fingerprints: cecil-fingerprint FILE | cecil-report"
    assert "ada" not in message


class TestOldPrices:
    def test_a_warning_after_sixty_days(self, cecil: Run) -> None:
        for days, warned in ((60, False), (61, True)):
            today = (PRICES.date + timedelta(days=days)).isoformat()
            done = cecil("report", "--today", today, stdin=stdin())
            assert (b"warning: the prices are 61 days old" in done.stderr) is warned
            assert done.returncode == 0
            assert done.stdout.decode() == TABLE
            as_json = cecil("report", "--today", today, "--format", "json", stdin=stdin())
            assert json.loads(as_json.stdout)["prices"]["stale"] is warned

    def test_quiet_does_not_warn(self, cecil: Run) -> None:
        assert cecil("report", "--today", "2030-01-01", "--quiet", stdin=stdin()).stderr == b""

    def test_a_day_that_is_none(self, cecil: Run) -> None:
        assert cecil("report", "--today", "soon", stdin=stdin()).returncode == 2


class TestTerminal:
    def run(self, env: dict[str, str], folder: Path) -> bytes:
        """What the command prints when stdout is a terminal."""
        import os
        import pty
        import subprocess

        parent, child = pty.openpty()
        command = Path(__file__).parent.parent / "bin" / "cecil-report"
        process = subprocess.Popen(
            [command, "--today", TODAY],
            stdin=subprocess.PIPE,
            stdout=child,
            stderr=subprocess.PIPE,
            env=env,
            cwd=folder,
        )
        os.close(child)
        assert process.stdin
        process.stdin.write(stdin())
        process.stdin.close()
        output = b""
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            output += piece
        assert process.wait() == 0
        assert process.stderr
        process.stderr.close()
        os.close(parent)
        return output.replace(b"\r\n", b"\n")

    def test_colour_only_on_a_terminal_that_wants_it(self, env: dict[str, str], tmp_path: Path) -> None:
        coloured = self.run(env, tmp_path)
        assert b"\x1b[1mmodel" in coloured
        plain = coloured
        for code in (b"\x1b[1m", b"\x1b[2m", b"\x1b[0m"):
            plain = plain.replace(code, b"")
        assert plain.decode() == TABLE
        assert self.run(env | {"NO_COLOR": "1"}, tmp_path).decode() == TABLE
        assert self.run(env | {"NO_COLOR": ""}, tmp_path) == coloured


def test_markers_are_no_records(cecil: Run) -> None:
    stream = b'{"$cecil":{"begin":{}}}\n' + stdin() + b'{"$cecil":{"end":{"records":%d}}}\n' % len(LINES)
    assert cecil("report", "--markers", "--today", TODAY, stdin=stream).stdout.decode() == TABLE
    cut = cecil("report", stdin=stream[: stream.rindex(b"{", 0, -20)])
    assert (cut.returncode, cut.stdout) == (1, b"")


def test_the_counts_of_a_run(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--stats", "json", stdin=b"\n" + stdin())
    assert json.loads(done.stderr) == {
        "command": "cecil-report",
        "complete": True,
        "read": 16,
        "written": 15,
        "dropped": {"blank": 1},
        "quarantined": 0,
    }


class TestRollup:
    @settings(deadline=None)
    @given(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from(By))
    def test_every_record_is_in_one_class_and_one_group(self, rows: list[dict[str, Any]], by: By) -> None:
        sums = rollup(rows, by)
        total = sums.total
        assert total.records == len(rows) == total.priced + total.unpriced + sums.silent
        assert total.unpriced == sums.unpriced.total()
        assert sums.quality.total() == len(rows)
        assert (
            sums.quality_tokens.total()
            == sum(total.tokens.values())
            == sum(r.tokens for r in fingerprints(rows))
        )
        for name in ("records", "calls", "failed", "priced", "unpriced", "cost"):
            assert getattr(total, name) == sum(getattr(cell, name) for cell in sums.cells.values())
        assert total.calls == sum(row["leg"] == 0 for row in rows)

    def test_the_order_of_records_does_not_matter(self) -> None:
        today = PRICES.date
        assert table.as_json(rollup(LINES[::-1]), today) == table.as_json(rollup(), today)
        assert table.terminal(rollup(LINES[::-1])) == TABLE

    def test_a_group_with_some_records_unpriced_is_marked(self) -> None:
        priced = LINES[0]
        unpriced = priced | {"tier": "other"}
        rows = table.terminal(rollup([priced, unpriced])).splitlines()
        assert rows[2].endswith("0.000202+")
        assert "unpriced: 1 service tier without a list price" in "\n".join(rows)


@pytest.mark.parametrize(
    ("pico", "places", "text"),
    [
        (0, 2, "0.00"),
        (1_234_567 * PICO, 2, "1,234,567.00"),
        (PICO // 1_000_000, 4, "0.0000"),
        (5_000_000_000, 2, "0.00"),
        (15_000_000_000, 2, "0.02"),
        (123_456_789_012, 6, "0.123457"),
    ],
)
def test_dollars_are_rounded_half_to_even(pico: int, places: int, text: str) -> None:
    assert table.dollars(pico, places) == text


@pytest.mark.parametrize(
    ("pico", "text"),
    [(0, "0"), (PICO, "1"), (100 * PICO, "100"), (1, "0.000000000001"), (1_500_000_000_000, "1.5")],
)
def test_exact_costs_have_every_digit_and_no_more(pico: int, text: str) -> None:
    assert table.exact(pico) == text
