"""cecil-report: the sums, the accounting, and how they are printed."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.fingerprint.prices import PICO, PriceList, Unpriced
from cecil.fingerprint.record import Fingerprint, parse
from cecil.fingerprint.rollup import By, Rollup
from cecil.report import table, words
from tests.conftest import write_key

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

accounting: 15 read = 11 priced + 1 unpriced + 0 duplicate + 3 skipped
unpriced: 1 audio or image tokens; a cost marked + leaves records out
skipped: 3 failed and used nothing
quality: 100.0 % of tokens fully reported; 6 records flagged
tokens: 88.8 % input, 2.2 % cache read, 7.8 % cache write (5 min), 1.0 % output, 0.0 % reasoning
money: 80.6 % input, 0.3 % cache read, 14.6 % cache write (5 min), 4.3 % output, 0.0 % reasoning
time: 9 records have no time and are priced as of the list's date
prices: list prices of 2026-10-26, USD (genai-prices 0.2.3); not an invoice

savings: each lever alone, USD at list prices; they overlap, so do not add them up
  losing-caches      0.0050  ..  0.0050  2.0 % .. 2.0 %   1 of 3 records
    models that lose 1
  reasoning          0.0000  ..  0.0001  0.0 % .. 0.0 %  1 of 11 records
    reasoning share of output 0.0808
  superseded-models  0.0000  ..  0.0009  0.0 % .. 0.3 %   2 of 2 records
    models claude-sonnet-4-0 -> claude-sonnet-4-6, gpt-5-mini -> gpt-6.1-terra, models whose
    successor costs more 0
  nothing found: failed-and-retried, repeated-calls, prompt-caching, batch, context-growth
"""


def test_the_table(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, stdin=stdin())
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, TABLE, b"")


LOGS = b"".join(
    (DATA / f"{name}.jsonl").read_bytes()
    for name in ("openai_chat", "openai_chat_error", "anthropic_messages", "anthropic_messages_error")
)


def test_the_table_from_the_logs_themselves(cecil: Run) -> None:
    made = cecil("fingerprint", stdin=LOGS)
    assert made.returncode == 0
    assert cecil("report", "--today", TODAY, stdin=made.stdout).stdout.decode() == TABLE
    straight = cecil("report", "--today", TODAY, stdin=LOGS)
    assert (straight.returncode, straight.stdout.decode(), straight.stderr) == (0, TABLE, b"")


def test_logs_and_fingerprints_mixed_with_what_is_neither(cecil: Run) -> None:
    """Each thing is in one class of the accounting, which adds up."""
    call = LOGS.splitlines()[0]
    lines = [b'{"message": "ada"}', b"", call, call, *stdin(LINES[-1:]).splitlines(), b'{"cut": "ada']
    done = cecil("report", "--today", TODAY, "--format", "json", stdin=b"\n".join(lines) + b"\n")
    assert done.returncode == 3
    assert b"1 record in quarantine" in done.stderr
    assert b"ada" not in done.stderr
    report = json.loads(done.stdout)
    accounting = report["accounting"]
    assert {name: accounting[name] for name in ("read", "priced", "unpriced", "duplicate", "skipped")} == {
        "read": 5,
        "priced": 1,
        "unpriced": 0,
        "duplicate": 1,
        "skipped": 3,
    }
    assert accounting["skipped_for"] == {"failed": 1, "not-llm": 1, "quarantine": 1}


def test_strict_leaves_nothing_in_doubt(cecil: Run) -> None:
    lines = [
        b'{"message": "ada"}',
        json.dumps(LINES[0]).encode(),
        json.dumps(LINES[0] | {"tier": "other"}).encode(),
    ]
    done = cecil("report", "--strict", "--today", TODAY, "--format", "json", stdin=b"\n".join(lines))
    assert done.returncode == 3
    assert b"no LLM call: not-llm" in done.stderr
    assert b"a call without a price: service tier without a list price" in done.stderr
    assert json.loads(done.stdout)["accounting"]["skipped_for"] == {"quarantine": 2}
    assert cecil("report", "--strict", "--today", TODAY, stdin=json.dumps(LINES[0]).encode()).returncode == 0


@pytest.mark.parametrize(
    ("usage", "why"),
    [
        ({"prompt_tokens": -5, "completion_tokens": 1}, "a count beyond belief"),
        ({"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 3}, "totals that do not add up"),
        (None, "usage"),
    ],
)
def test_strict_counts(cecil: Run, usage: dict[str, int] | None, why: str) -> None:
    call = json.dumps(json.loads(LOGS.splitlines()[0])["response"] | {"usage": usage}).encode()
    done = cecil("report", "--strict", "--today", TODAY, stdin=call)
    assert (done.returncode, b"1 read = 0 priced + 0 unpriced + 0 duplicate + 1 skipped" in done.stdout) == (
        3,
        True,
    )
    assert f"a call in doubt: {why}" in done.stderr.decode()
    assert cecil("report", "--today", TODAY, stdin=call).returncode == 0


def test_by_operation_and_top(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--by", "operation", "--format", "csv", stdin=stdin())
    assert [row.split(",")[:2] for row in done.stdout.decode().splitlines()] == [
        ["operation", "calls"],
        ["chat", "12"],
    ]
    rows = cecil("report", "--today", TODAY, "--top", "2", stdin=stdin()).stdout.decode().splitlines()
    assert [row.split()[0] for row in rows[2:4]] == ["anthropic/claude-sonnet-4-6", "openai/gpt-5.6-sol"]
    assert rows[4].startswith("8 more")
    assert rows[6].split()[1:] == TABLE.splitlines()[13].split()[1:]


def test_by_user(cecil: Run, tmp_path: Path) -> None:
    call = json.loads(LOGS.splitlines()[0])["response"]
    lines = b"".join(
        json.dumps(
            {"request": {"model": "gpt-4o", "messages": [], "user": user}, "response": call | {"id": id}}
        ).encode()
        + b"\n"
        for user, id in (("ada", "1"), ("bob", "2"), ("Ada", "3"))
    )
    key = tmp_path / "key"
    write_key(key, b"k" * 32)
    runs = [
        cecil("report", "--by", "user", "--format", "json", "--today", TODAY, *more, stdin=lines)
        for more in ((), ("--key-file", str(key)), ("--key-file", str(key)))
    ]
    for run in runs:
        groups = {group["user"]: group["calls"] for group in json.loads(run.stdout)["groups"]}
        assert sorted(groups.values()) == [1, 2]
        assert b"ada" not in run.stdout.lower()
    assert runs[1].stdout == runs[2].stdout != runs[0].stdout
    key.write_bytes(b"short")
    assert cecil("report", "--key-file", str(key), stdin=lines).returncode == 2


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
    assert accounting["read"] == sum(
        accounting[name] for name in ("priced", "unpriced", "duplicate", "skipped")
    )
    assert accounting["unpriced_for"]["units"] == 1
    assert sum(report["costs"].values()) == report["total"]["cost_usd"]
    assert report["prices"] == {
        "date": "2026-10-26",
        "currency": "USD",
        "sources": [{"date": "2026-10-26", "name": "genai-prices 0.2.3"}],
        "kind": "list",
        "stale": False,
    }
    levers = {saving["lever"]: saving for saving in report["savings"]}
    assert list(levers) == [
        *("failed-and-retried", "repeated-calls", "prompt-caching", "losing-caches", "batch", "reasoning"),
        *("context-growth", "superseded-models"),
    ]
    for saving in levers.values():
        assert saving["low_usd"] <= saving["high_usd"] <= saving["spent_usd"]
        assert saving["formula"]
        assert saving["assumes"]


def test_csv_has_a_header_and_a_row_a_group(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--format", "csv", stdin=stdin())
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert len(rows) == 10
    assert sum(Decimal(row["cost_usd"]) for row in rows) == Decimal(rollup().total.cost).scaleb(-12)
    assert rows[0]["model"] == "anthropic/claude-sonnet-4-6"
    assert rows[0]["in_fresh"] == "55416"
    assert {row["prices_as_of"] for row in rows} == {"2026-10-26"}


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_nothing_read_is_a_report_of_nothing(cecil: Run, form: str) -> None:
    done = cecil("report", "--today", TODAY, "--format", form)
    assert done.returncode == 0
    if form == "table":
        assert "accounting: 0 read = 0 priced + 0 unpriced + 0 duplicate + 0 skipped" in done.stdout.decode()
        assert "total" in done.stdout.decode()


@pytest.mark.parametrize(
    "line", [b"ada", b'{"v":1,"src":"ada","leg":0,"q":"none"}', b'{"cut": "ada', b"[1, 1e999999999"]
)
def test_what_cannot_be_read_is_in_quarantine_and_in_the_accounting(cecil: Run, line: bytes) -> None:
    done = cecil("report", "--today", TODAY, stdin=stdin(LINES[:1]) + line + b"\n")
    assert done.returncode == 3
    assert (
        b"2 read = 1 priced + 0 unpriced + 0 duplicate + 1 skipped\nskipped: 1 in quarantine" in done.stdout
    )
    assert b"ada" not in done.stderr


def test_a_model_that_only_another_price_list_has_is_in_quarantine(cecil: Run) -> None:
    line = json.dumps(LINES[0] | {"model": "adam"}).encode()
    done = cecil("report", "--today", TODAY, stdin=line)
    assert (done.returncode, b"/model is not in the price list" in done.stderr) == (3, True)
    assert b"adam" not in done.stderr


class TestOwnPrices:
    CONTENT: ClassVar[dict[str, Any]] = {
        "date": "2026-11-20",
        "source": {"name": "contract", "version": 7},
        "providers": [
            {"id": "openai", "models": [{"id": "gpt-5-mini", "prices": [{"prices": {"input_mtok": 1}}]}]}
        ],
    }

    def run(
        self, cecil: Run, tmp_path: Path, content: object, *more: str, rows: list[dict[str, Any]] = LINES
    ) -> Any:
        path = tmp_path / "own.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return cecil("report", "--prices", str(path), "--today", "2026-12-26", *more, stdin=stdin(rows))

    def test_they_lie_over_the_list(self, cecil: Run, tmp_path: Path) -> None:
        done = self.run(cecil, tmp_path, self.CONTENT)
        text = done.stdout.decode()
        assert "openai/gpt-5-mini" in text
        assert "1 a kind of token without a list price" in text  # output has no price there
        assert (
            "prices: list prices of 2026-10-26, USD (genai-prices 0.2.3); over them prices of 2026-11-20, USD (contract 7)"
            in text
        )
        assert b"61 days old (2026-10-26)" in done.stderr

    def test_a_model_of_the_house_is_found_in_logs(self, cecil: Run, tmp_path: Path) -> None:
        call = json.loads(LOGS.splitlines()[0])["response"] | {"model": "llama-acme"}
        house = {
            "id": "house",
            "models": [{"id": "llama-acme", "prices": [{"prices": {"input_mtok": 1, "output_mtok": 2}}]}],
        }
        done = self.run(
            cecil, tmp_path, self.CONTENT | {"providers": [house]}, "--format", "json", rows=[call]
        )
        group = json.loads(done.stdout)["groups"][0]
        assert (group["model"], group["priced"]) == ("house/llama-acme", 1)
        assert (
            json.loads(cecil("report", "--format", "json", stdin=stdin([call])).stdout)["groups"][0]["model"]
            == "other"
        )

    def test_old_is_what_priced_something(self, cecil: Run, tmp_path: Path) -> None:
        mine = [row | {"out_text": 0, "out_reasoning": 0} for row in LINES if row["model"] == "gpt-5-mini"]
        done = self.run(cecil, tmp_path, self.CONTENT, "--format", "json", rows=mine)
        assert (json.loads(done.stdout)["prices"]["date"], done.stderr) == ("2026-11-20", b"")

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("{", "not valid JSON"),
            ("[]", "not a price list"),
            ({"date": "2026-11-20"}, "not a price list"),
            (CONTENT | {"currency": "EUR"}, "another currency"),
        ],
    )
    def test_what_is_no_price_list(self, cecil: Run, tmp_path: Path, content: object, why: str) -> None:
        done = self.run(cecil, tmp_path, content)
        assert (done.returncode, done.stdout) == (2, b"")
        assert why in done.stderr.decode()
        assert "hint: man cecil-report, OWN PRICES" in done.stderr.decode()

    def test_a_file_that_is_not_there(self, cecil: Run) -> None:
        assert cecil("report", "--prices", "none.json", stdin=b"").returncode == 2


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

    def test_the_day_of_a_reproducible_build(self, cecil: Run) -> None:
        for epoch, warned in (("1792972800", False), ("1900000000", True)):
            done = cecil("report", stdin=stdin(), env={"SOURCE_DATE_EPOCH": epoch})
            assert (b"warning" in done.stderr) is warned

    def test_quiet_does_not_warn(self, cecil: Run) -> None:
        assert cecil("report", "--today", "2030-01-01", "--quiet", stdin=stdin()).stderr == b""

    def test_a_day_that_is_none(self, cecil: Run) -> None:
        assert cecil("report", "--today", "soon", stdin=stdin()).returncode == 2


class TestTerminal:
    def run(self, env: dict[str, str], folder: Path, *more: str, both: bool = False) -> bytes:
        """What the command prints when stdout, and `both` it and stderr, are a terminal."""
        import os
        import pty
        import subprocess

        parent, child = pty.openpty()
        command = Path(__file__).parent.parent / "bin" / "cecil-report"
        process = subprocess.Popen(
            [command, "--today", TODAY, *more],
            stdin=subprocess.PIPE,
            stdout=child,
            stderr=child if both else subprocess.PIPE,
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
        if process.stderr:
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

    def test_the_notice_is_for_somebody_at_a_terminal(self, env: dict[str, str], tmp_path: Path) -> None:
        quiet = {name: value for name, value in env.items() if name not in ("CI", "CECIL_NO_NOTICE")} | {
            "NO_COLOR": "1"
        }
        text = self.run(quiet, tmp_path, both=True).decode()
        assert text.count("cecil-report: computed here: 12 calls of ") == 1
        for more in (("--no-notice",), ("--quiet",), ("--format", "json")):
            assert "computed here" not in self.run(quiet, tmp_path, *more, both=True).decode()
        assert "computed here" not in self.run(quiet, tmp_path).decode()


def test_markers_are_no_records(cecil: Run) -> None:
    stream = b'{"$cecil":{"begin":{}}}\n' + stdin() + b'{"$cecil":{"end":{"records":%d}}}\n' % len(LINES)
    assert cecil("report", "--markers", "--today", TODAY, stdin=stream).stdout.decode() == TABLE
    cut = cecil("report", "--today", TODAY, stdin=stream[: stream.rindex(b"{", 0, -20)])
    assert (cut.returncode, cut.stdout) == (1, b"")


def test_what_the_fingerprinter_left_out_is_in_the_accounting(cecil: Run) -> None:
    logs = b'{"$cecil":{"begin":{}}}\n' + LOGS + b'{"a":1}\nno JSON\n' + LOGS.splitlines()[0] + b"\n"
    logs += b'{"$cecil":{"end":{"records":%d}}}\n' % (LOGS.count(b"\n") + 3)
    made = cecil("fingerprint", stdin=logs)
    assert made.returncode == 3
    report = json.loads(cecil("report", "--format", "json", "--today", TODAY, stdin=made.stdout).stdout)
    assert report["accounting"]["skipped_for"] == {"failed": 3, "upstream": 3}
    assert report["accounting"]["read"] == 18


def test_the_counts_of_a_run(cecil: Run) -> None:
    done = cecil("report", "--today", TODAY, "--stats", "json", stdin=b"\n" + stdin())
    assert json.loads(done.stderr) == {
        "command": "cecil-report",
        "complete": True,
        "read": 16,
        "written": 15,
        "dropped": {"blank": 1},
        "quarantined": 0,
        "accounting": {"read": 15, "priced": 11, "unpriced": 1, "duplicate": 0, "skipped": 3},
    }


class TestRollup:
    @settings(deadline=None)
    @given(
        st.lists(st.sampled_from(LINES), max_size=40),
        st.sampled_from(By),
        st.integers(0, 9),
        st.integers(0, 9),
    )
    def test_every_record_is_in_one_class_and_one_group(
        self, rows: list[dict[str, Any]], by: By, repeats: int, skipped: int
    ) -> None:
        sums = rollup(rows, by)
        sums.repeat(repeats)
        sums.skip("not-llm", skipped)
        total, accounting = sums.total, sums.accounting
        assert accounting.read == len(rows) + repeats + skipped
        assert accounting.adds_up
        assert accounting.priced + accounting.unpriced + sums.skipped["failed"] == len(rows) == total.records
        assert total.unpriced == sums.unpriced.total()
        assert sum(sums.costs) == total.cost
        assert sums.quality.total() == len(rows)
        assert (
            sums.quality_tokens.total()
            == sum(total.tokens.values())
            == sum(r.tokens for r in fingerprints(rows))
        )
        for name in ("records", "calls", "failed", "priced", "unpriced", "cost"):
            assert getattr(total, name) == sum(getattr(cell, name) for cell in sums.cells.values())
            assert getattr(total, name) == sum(getattr(cell, name) for _, cell in sums.groups(top=2))
        assert total.calls == sum(row["leg"] == 0 for row in rows)

    def test_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cecil.fingerprint.rollup.MAX_GROUPS", 3)
        sums = rollup()
        assert len(sums.cells) == 4
        assert sum(cell.records for cell in sums.cells.values()) == len(LINES)

    def test_a_call_that_went_well_and_told_no_usage_is_unpriced(self) -> None:
        sums = rollup([LINES[0] | {"q": "none"}])
        assert sums.unpriced[Unpriced.USAGE] == 1
        assert "1 no usage in the log" in table.terminal(sums)

    def test_many_estimates_make_a_rough_total(self) -> None:
        assert "known to a fifth" in table.terminal(rollup([LINES[0] | {"q": "estimated"}]))
        few = rollup([LINES[0] | {"q": "estimated"}, LINES[0] | {"in_fresh": 100_000}])
        assert "estimated" in table.terminal(few)
        assert "known to a fifth" not in table.terminal(few)

    def test_the_order_of_records_does_not_matter(self) -> None:
        today = PRICES.date
        assert table.as_json(rollup(LINES[::-1]), today) == table.as_json(rollup(), today)
        assert TABLE.startswith(table.terminal(rollup(LINES[::-1])))

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
    assert words.dollars(pico, places) == text


@pytest.mark.parametrize(
    ("pico", "text"),
    [(0, "0"), (PICO, "1"), (100 * PICO, "100"), (1, "0.000000000001"), (1_500_000_000_000, "1.5")],
)
def test_exact_costs_have_every_digit_and_no_more(pico: int, text: str) -> None:
    assert words.exact(pico) == text
