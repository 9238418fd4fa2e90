"""cecil-report --format html and focus: what is in the files, and what can never be."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.prices import PICO, PriceList, Tier, Unpriced
from cecil.fingerprint.record import Fingerprint
from cecil.fingerprint.rollup import By, Ledger, Rollup
from cecil.fingerprint.savings import Savings
from cecil.fingerprint.usage import Quality
from cecil.report import charts, focus, page
from cecil.report.charts import Part
from cecil.report.focus import Version
from tests.prints import fingerprint

PRICES = PriceList.packaged()
TODAY = date(2026, 10, 27)
DAY = 498_000
Run = Callable[..., Any]

CALLS = (
    fingerprint("openai/gpt-4o", t=DAY, in_fresh=1_000, in_cache_read=2_048, out_text=100),
    fingerprint("openai/gpt-4o", t=DAY, in_fresh=500, out_text=7, tier=Tier.BATCH),
    fingerprint("openai/gpt-5", t=DAY + 30, in_fresh=500, out_text=7, out_reasoning=900, q=Quality.PARTIAL),
    fingerprint(
        *("anthropic/claude-sonnet-4-5",),
        t=DAY + 100,
        in_fresh=10,
        in_cache_write_5m=20,
        in_cache_write_1h=30,
        web_searches=2,
    ),
    fingerprint("perplexity/sonar-pro", t=DAY + 1, in_fresh=10, user_h=KeyedHash(b"\xab" * 8)),
    fingerprint("openai/gpt-4o", in_fresh=9),
    fingerprint(t=DAY, in_fresh=9),
)


def sums(*calls: Fingerprint, prices: PriceList = PRICES) -> tuple[Rollup, Ledger, Savings]:
    rollup, ledger, savings = Rollup(prices, By.MODEL), Ledger(), Savings(prices)
    for call in calls:
        costs = rollup.add(call)
        if isinstance(costs, tuple):
            quote = prices.quote(call)
            assert not isinstance(quote, Unpriced)
            ledger.add(call, costs, quote)
            savings.add(call, costs)
    return rollup, ledger, savings


def html(*calls: Fingerprint, prices: PriceList = PRICES, today: date = TODAY) -> str:
    rollup, ledger, savings = sums(*calls, prices=prices)
    return page.as_html(rollup, ledger, savings.all(), today)


class Outline(HTMLParser):
    """The elements of a page: names as they open and close, attributes, texts."""

    EMPTY = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.titles: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.titles.append(data)


class TestPage:
    def test_its_outline(self) -> None:
        outline = Outline(html(*CALLS))
        assert outline.open == []
        assert outline.titles == [
            "Cost by day",
            "Cost by model",
            "Kinds of tokens",
            "Cost by weekday and hour (UTC)",
            "By model",
            "What could be saved",
            "Where everything is",
        ]
        assert outline.tags.count("details") == 8
        # 4 charts, and a key of colour for 4 models and for 8 kinds of tokens.
        assert outline.tags.count("svg") == 4 + 4 + 7

    def test_it_needs_nothing_else(self) -> None:
        text = html(*CALLS)
        outline = Outline(text)
        assert not {"script", "link", "img", "iframe", "object", "image", "use", "form", "a"} & set(
            outline.tags
        )
        assert not {"src", "href", "style", "onclick", "onload"} & outline.attributes
        assert "url(" not in text
        assert "//" not in text
        assert "@import" not in text
        assert "default-src 'none'; style-src 'unsafe-inline'" in text

    def test_light_dark_and_print(self) -> None:
        text = html(*CALLS)
        assert "@media (prefers-color-scheme:dark)" in text
        assert "@media print" in text

    def test_the_figures_are_those_of_the_table(self) -> None:
        rollup, *_ = sums(*CALLS)
        text = html(*CALLS)
        assert f"{Decimal(rollup.total.cost) / PICO:.6f}+" in text
        assert "7 read = 6 priced + 1 unpriced + 0 duplicate + 0 skipped" in text
        assert "2026-10-24 00:00 to 2026-10-28 04:59 UTC" in text
        assert re.search(
            r"<td>openai/gpt-4o</td><td>[0-9.]+</td><td>3</td><td>0</td><td>1,509</td><td>2,048</td>", text
        )
        assert "anthropic/claude-sonnet-4-5" in text
        assert "ab" * 8 not in text

    def test_what_charts_of_times_leave_out_is_told(self) -> None:
        assert html(*CALLS).count("Without the calls that have no time: 0.000022 USD.") == 2
        assert "have no time" not in html(*(call for call in CALLS if call.t is not None))

    def test_a_costly_call_without_a_time_takes_no_colour(self) -> None:
        text = html(fingerprint("openai/gpt-5", out_text=10**6), *CALLS[:2])
        legend = re.search(r"<h2>Cost by day</h2>.*?<ul class=\"legend\">(.*?)</ul>", text, re.DOTALL)
        assert legend
        assert "gpt-4o" in legend[1]
        assert "gpt-5" not in legend[1]

    def test_old_prices_are_told(self) -> None:
        assert "the prices are" not in html(*CALLS)
        assert "the prices are 66 days old (2026-10-26)" in html(*CALLS, today=date(2026, 12, 31))

    def test_names_of_an_own_list_are_escaped(self) -> None:
        name = "<script>alert(1)</script>&\"'"
        data = {
            "date": "2026-10-26",
            "source": {"name": "<b>mine</b>"},
            "providers": [{"id": "<i>", "models": [{"id": name, "prices": [{"prices": {"input_mtok": 1}}]}]}],
        }
        own = PriceList(data, PRICES)
        text = html(fingerprint(model=own.models["<i>", name], t=DAY, in_fresh=1_000_000), prices=own)
        assert "<script" not in text
        assert "<i>" not in text
        assert "<b>mine" not in text
        assert "&lt;script&gt;" in text
        Outline(text)

    def test_nothing_and_next_to_nothing(self) -> None:
        assert Outline(html()).titles == ["By model", "What could be saved", "Where everything is"]
        assert "No call with a price has a time." in html()
        undated = Outline(html(fingerprint("openai/gpt-4o", in_fresh=9)))
        assert "Cost by day" not in undated.titles
        assert "Cost by model" in undated.titles
        assert "unpriced" in html(fingerprint(t=DAY, in_fresh=9))
        free = html(fingerprint("openai/gpt-4o", t=DAY))
        assert Outline(free).titles[0] == "Cost by day"

    def test_many_days_share_columns_and_many_models_a_colour(self) -> None:
        names = [name for name in PRICES.models if name[0] == "openrouter"][:20]
        calls = [
            fingerprint("/".join(name), t=DAY + 24 * 10 * place, in_fresh=1_000)
            for place, name in enumerate(names)
        ]
        priced = [call for call in calls if isinstance(PRICES.cost(call), int)]
        assert len(priced) > 16
        text = html(*calls)
        assert "Cost by 4 days" in text
        assert f"{len(priced) - 6} other models" in text
        assert f"and {len(priced) - 15} more" in text

    def test_the_command(self, cecil: Run, tmp_path: Path) -> None:
        lines = b"".join(call.to_bytes() + b"\n" for call in CALLS)
        done = cecil("report", "--format", "html", "--today", "2026-10-27", "--top", "2", stdin=lines)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"<!DOCTYPE html>")
        assert b"3 more" in done.stdout
        again = cecil("report", "--format", "html", "--today", "2026-10-27", "--top", "2", stdin=lines)
        assert again.stdout == done.stdout


def test_a_chart_without_anything() -> None:
    for text in (
        charts.stacked([], "t", "0"),
        charts.ranked([], "t"),
        charts.shares([("x", [])], "t"),
        charts.hours([[0.0] * 24], ["Mon"], [[""] * 24], "t"),
        charts.stacked([("a", [Part(0, 0, "a")])], "t", "0"),
    ):
        assert text.startswith("<svg")
        Outline(text)


MANDATORY = (
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd"),
    *("BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd"),
    *("ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost"),
    *("PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"),
)
"""The columns that every FOCUS 1.2 data set has: focus.finops.org/focus-specification/v1-2, feature level
mandatory. Rows of usage may have none of them empty, save the class of a charge that corrects nothing."""


def rows(*calls: Fingerprint, version: Version = Version.V1_2) -> list[dict[str, str]]:
    _, ledger, _ = sums(*calls)
    return list(csv.DictReader(io.StringIO(focus.as_csv(ledger, version).decode())))


class TestFocus:
    def test_a_row(self) -> None:
        row = rows(CALLS[0])[1]
        assert all(name in focus.COLUMNS[Version.V1_2] for name in MANDATORY)
        assert {name: value for name, value in row.items() if value or name == "ChargeClass"} == {
            "BilledCost": "0.00256",
            "BillingAccountId": "unknown",
            "BillingAccountName": "unknown",
            "BillingCurrency": "USD",
            "BillingPeriodEnd": "2026-11-01T00:00:00Z",
            "BillingPeriodStart": "2026-10-01T00:00:00Z",
            "ChargeCategory": "Usage",
            "ChargeClass": "",
            "ChargeDescription": "Cache read input tokens of gpt-4o, estimated at list price",
            "ChargeFrequency": "Usage-Based",
            "ChargePeriodEnd": "2026-10-24T01:00:00Z",
            "ChargePeriodStart": "2026-10-24T00:00:00Z",
            "ConsumedQuantity": "2048.0",
            "ConsumedUnit": "Tokens",
            "ContractedCost": "0.00256",
            "ContractedUnitPrice": "1.25",
            "EffectiveCost": "0.00256",
            "InvoiceIssuerName": "OpenAI",
            "ListCost": "0.00256",
            "ListUnitPrice": "1.25",
            "PricingCategory": "Standard",
            "PricingQuantity": "0.002048",
            "PricingUnit": "1000000 Tokens",
            "ProviderName": "OpenAI",
            "PublisherName": "OpenAI",
            "ServiceCategory": "AI and Machine Learning",
            "ServiceName": "OpenAI API",
            "ServiceSubcategory": "Generative AI",
            "SkuId": "openai/gpt-4o/in-cache-read",
            "SkuMeter": "Cache read input tokens",
            "SkuPriceDetails": '{"x_ModelDeveloper":"OpenAI","x_ModelId":"gpt-4o","x_TokenCacheAction":"Read",'
            '"x_TokenDirection":"Input"}',
            "SkuPriceId": "openai/gpt-4o/in-cache-read/standard/1.25",
            "x_CostIsEstimate": "true",
            "x_PriceListDate": "2026-10-26",
            "x_ServiceTier": "standard",
            "x_UsageQuality": "reported",
        }

    @pytest.mark.parametrize("version", Version)
    def test_the_rules_of_the_columns(self, version: Version) -> None:
        found = rows(*CALLS, version=version)
        assert len(found) == 3 + 2 + 3 + 4 + 2
        for row in found:
            for name in MANDATORY:
                if version is Version.V1_2 or name not in ("ProviderName", "PublisherName"):
                    assert row[name] or name == "ChargeClass", name
            for name in row:
                assert re.fullmatch(r"(x_)?[A-Z][A-Za-z]{1,49}", name)
            times = [
                row[name]
                for name in ("BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodEnd")
            ]
            assert times == sorted(times)
            assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", time) for time in times)
            assert row["BilledCost"] == row["EffectiveCost"] == row["ContractedCost"] == row["ListCost"]
            price, quantity = Decimal(row["ListUnitPrice"]), Decimal(row["PricingQuantity"])
            assert price * quantity == Decimal(row["ListCost"])
            assert re.fullmatch(r"(Tokens|Searches|Requests)", row["ConsumedUnit"])
            assert re.fullmatch(r"1000(000)? " + row["ConsumedUnit"], row["PricingUnit"])
            assert row["PricingCategory"] == ("Other" if row["x_ServiceTier"] == "batch" else "Standard")
            keys = json.loads(row["SkuPriceDetails"])
            assert all(key.startswith("x_") == (version is Version.V1_2) for key in keys)

    def test_the_rows_are_all_the_cost_that_has_a_time(self) -> None:
        rollup, *_ = sums(*CALLS[:-2])
        assert sum(Decimal(row["BilledCost"]) for row in rows(*CALLS)) == Decimal(rollup.total.cost) / PICO

    def test_the_keys_of_1_5(self) -> None:
        row = rows(CALLS[0], version=Version.V1_5)[1]
        assert json.loads(row["SkuPriceDetails"]) == {
            "ModelDeveloper": "OpenAI",
            "ModelId": "gpt-4o",
            "TokenCacheAction": "Read",
            "TokenDirection": "Input",
        }
        assert row["HostProviderName"] == row["ServiceProviderName"] == "OpenAI"
        assert "ProviderName" not in row

    def test_long_prompts_have_a_row_of_their_own(self) -> None:
        """Two prices in one row would have no unit price."""
        long, short = (
            fingerprint("google/gemini-2.5-pro", t=DAY, in_fresh=tokens) for tokens in (300_000, 1_000)
        )
        assert len({row["ListUnitPrice"] for row in rows(long, short)}) == 2

    def test_a_cloud_sells_what_others_make(self) -> None:
        row = rows(fingerprint("google/claude-opus-4-5", t=DAY, in_fresh=1))[0]
        assert (row["ProviderName"], row["PublisherName"]) == ("Google Cloud", "Anthropic")

    def test_nobody_is_in_it(self) -> None:
        assert "ab" * 8 not in str(rows(*CALLS))
        assert {row["Tags"] for row in rows(*CALLS)} == {""}

    def test_the_command(self, cecil: Run) -> None:
        lines = b"".join(call.to_bytes() + b"\n" for call in CALLS)
        done = cecil("report", "--format", "focus", "--today", "2026-10-27", stdin=lines)
        assert done.returncode == 0
        assert (
            done.stderr == b"cecil-report: not in the rows: 1 record without a price and 1 without a time\n"
        )
        assert list(csv.DictReader(io.StringIO(done.stdout.decode()))) == rows(*CALLS)
        newer = cecil("report", "--format", "focus", "--focus-version", "1.5", "--quiet", stdin=lines)
        assert newer.stderr == b""
        assert b"HostProviderName" in newer.stdout
