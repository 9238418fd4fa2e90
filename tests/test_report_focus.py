"""`cecil-report --format focus` against the text of FOCUS 1.2, column by column.

The validator on PyPI (make bench-focus) knows FOCUS up to 1.0. What 1.2 asks for stands in its columns'
pages, "Content Constraints" and the requirements above them, and is written down here for rows of usage that
are no correction: https://focus.finops.org/focus-specification/v1-2/
"""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tests.prints import fingerprint
from tests.test_report_page import CALLS, DAY, MANDATORY

Run = Callable[..., Any]

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
"""Attribute NumericFormat."""
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
"""Attribute DateTimeFormat: UTC, as ISO 8601."""
UNIT = re.compile(r"([0-9]+ )?[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)*")
"""Attribute UnitFormat: a unit with a capital, and how many of them, if not one."""


class Column(NamedTuple):
    """What a column asks of a row.

    Attributes:
        kind: decimal, time, unit, json or string.
        null: whether nothing may stand there; None where nothing has to.
        allowed: the only values.
    """

    kind: str
    null: bool | None = False
    allowed: frozenset[str] | None = None


def one_of(*words: str, null: bool = False) -> Column:
    return Column("string", null, frozenset(words))


COLUMNS = {
    "BilledCost": Column("decimal"),
    "BillingAccountId": Column("string"),
    "BillingAccountName": Column("string", null=True),
    "BillingCurrency": one_of("USD"),
    "BillingPeriodEnd": Column("time"),
    "BillingPeriodStart": Column("time"),
    "ChargeCategory": one_of("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
    "ChargeClass": Column("string", null=None),
    "ChargeDescription": Column("string", null=True),
    "ChargePeriodEnd": Column("time"),
    "ChargePeriodStart": Column("time"),
    "ContractedCost": Column("decimal"),
    "EffectiveCost": Column("decimal"),
    "InvoiceIssuerName": Column("string"),
    "ListCost": Column("decimal"),
    "PricingQuantity": Column("decimal"),
    "PricingUnit": Column("unit"),
    "ProviderName": Column("string"),
    "PublisherName": Column("string"),
    "ServiceCategory": one_of("AI and Machine Learning"),
    "ServiceName": Column("string"),
    "ChargeFrequency": one_of("One-Time", "Recurring", "Usage-Based"),
    "CommitmentDiscountCategory": Column("string", null=None),
    "CommitmentDiscountId": Column("string", null=None),
    "CommitmentDiscountName": Column("string", null=None),
    "CommitmentDiscountStatus": Column("string", null=None),
    "CommitmentDiscountType": Column("string", null=None),
    "ConsumedQuantity": Column("decimal"),
    "ConsumedUnit": Column("unit"),
    "ContractedUnitPrice": Column("decimal"),
    "ListUnitPrice": Column("decimal"),
    "PricingCategory": one_of("Standard", "Dynamic", "Committed", "Other"),
    "RegionId": Column("string", null=True),
    "RegionName": Column("string", null=True),
    "ResourceId": Column("string", null=True),
    "ResourceName": Column("string", null=True),
    "ResourceType": Column("string", null=True),
    "ServiceSubcategory": one_of("Generative AI"),
    "SkuId": Column("string"),
    "SkuMeter": Column("string", null=True),
    "SkuPriceDetails": Column("json", null=True),
    "SkuPriceId": Column("string"),
    "SubAccountId": Column("string", null=True),
    "SubAccountName": Column("string", null=True),
    "Tags": Column("json", null=True),
}
"""For usage that is metered and has a price list."""


@pytest.fixture(scope="module")
def lines() -> bytes:
    return b"".join(call.to_bytes() + b"\n" for call in CALLS)


def rows(cecil: Run, lines: bytes, *more: str) -> list[dict[str, str]]:
    done = cecil("report", "--quiet", "--format", "focus", *more, stdin=lines)
    assert done.returncode == 0, done.stderr
    found = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert len(found) > 10
    return found


def wrong(column: Column, value: str) -> str | None:
    """What is wrong with a value; an empty field of CSV is null."""
    if not value:
        return "null" if column.null is False else None
    if column.null is None:
        return "not null"
    if column.allowed is not None and value not in column.allowed:
        return "not allowed"
    pattern = {"decimal": NUMBER, "time": TIME, "unit": UNIT}.get(column.kind)
    if pattern is not None and not pattern.fullmatch(value):
        return f"no {column.kind}"
    return None


def test_every_column_of_every_row(cecil: Run, lines: bytes) -> None:
    found = rows(cecil, lines)
    assert found[0].keys() >= set(MANDATORY)
    # What FOCUS does not define is named so (attribute ColumnNamingAndOrdering).
    assert all(name in COLUMNS or name.startswith("x_") for name in found[0])
    for row in found:
        faults = {name: fault for name, value in COLUMNS.items() if (fault := wrong(value, row[name]))}
        assert faults == {}


def test_what_columns_say_of_each_other(cecil: Run, lines: bytes) -> None:
    for row in rows(cecil, lines):
        for kind in ("List", "Contracted"):
            product = Decimal(row[f"{kind}UnitPrice"]) * Decimal(row["PricingQuantity"])
            assert product == Decimal(row[f"{kind}Cost"]), row["SkuPriceId"]
        start, end = (datetime.fromisoformat(row[f"ChargePeriod{which}"]) for which in ("Start", "End"))
        opened, closed = (datetime.fromisoformat(row[f"BillingPeriod{which}"]) for which in ("Start", "End"))
        assert opened <= start < end <= closed  # starts are inclusive, ends are not
        # A price has a SKU; details of a price have only keys that FOCUS defines, or that begin with x_.
        assert row["SkuPriceId"].startswith(row["SkuId"])
        details = json.loads(row["SkuPriceDetails"])
        assert all(key.startswith("x_") for key in details)
        assert all(type(value) in (str, int, float, bool) for value in details.values())


def test_a_price_of_a_sku_is_one_price(cecil: Run, lines: bytes) -> None:
    """Long prompts cost more, and are another price of the same SKU."""
    long, short = (
        fingerprint("google/gemini-2.5-pro", t=DAY, in_fresh=tokens).to_bytes() + b"\n"
        for tokens in (300_000, 1_000)
    )
    names = ("ListUnitPrice", "PricingUnit", "SkuMeter", "SkuPriceDetails", "SkuId")
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in rows(cecil, lines + long + short):
        found.setdefault(row["SkuPriceId"], set()).add(tuple(row[name] for name in names))
    assert all(len(values) == 1 for values in found.values())
    assert len([name for name in found if name.startswith("google/gemini-2.5-pro/in-fresh")]) == 2
