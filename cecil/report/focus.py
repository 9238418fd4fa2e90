"""The report as rows of FOCUS, the FinOps Open Cost and Usage Specification (focus.finops.org).

One row an hour, model, tier, quality and kind of token. The columns are those of FOCUS 1.2, or of the draft
of 1.5; what is not in a version stands under a name that begins with x_. Costs are list prices, so all four
costs of a row are the same, and `x_CostIsEstimate` says that no invoice has them. Who called is nowhere.

What has no price or no time has no row: a cost and a period are not optional in FOCUS.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import orjson

from cecil.fingerprint.prices import Model, Quote, Tier
from cecil.fingerprint.rollup import Ledger, Slot
from cecil.report.words import exact


class Version(StrEnum):
    """The version of FOCUS whose columns and keys are meant."""

    V1_2 = "1.2"
    V1_5 = "1.5"


_FIRST = (
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd"),
    *("BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency"),
    *("ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost"),
    *("ContractedUnitPrice", "EffectiveCost"),
)
_LAST = (
    *("ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ServiceCategory"),
    *("ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId"),
    *("x_CostIsEstimate", "x_PriceListDate", "x_ServiceTier", "x_UsageQuality"),
)
_EMPTY = (
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
    *("CommitmentDiscountStatus", "CommitmentDiscountType", "RegionId", "RegionName", "ResourceId"),
    *("ResourceName", "ResourceType", "SubAccountId", "SubAccountName", "Tags"),
)
"""What nobody here knows, and readers of FOCUS 1.0 want to have all the same."""
COLUMNS: Mapping[Version, tuple[str, ...]] = {
    # What was one provider in 1.2 is two since 1.3.
    Version.V1_2: (*_FIRST, "InvoiceIssuerName", *_LAST, "ProviderName", "PublisherName", *_EMPTY),
    Version.V1_5: (*_FIRST, "HostProviderName", "InvoiceIssuerName", *_LAST, "ServiceProviderName"),
}

ACCOUNT = "unknown"
"""FOCUS wants an account; a fingerprint has none."""

_KINDS: Mapping[str, tuple[str, str | None, str | None]] = {
    "in_fresh": ("Input tokens", "Input", "Uncached"),
    "in_cache_read": ("Cache read input tokens", "Input", "Read"),
    "in_cache_write_5m": ("Cache write input tokens (5 minutes)", "Input", "Write"),
    "in_cache_write_1h": ("Cache write input tokens (1 hour)", "Input", "Write"),
    "out_text": ("Output tokens", "Output", None),
    "out_reasoning": ("Reasoning output tokens", "Output", None),
    "web_searches": ("Searches", None, None),
    "requests": ("Requests", None, None),
}
"""What a bucket is called, and its TokenDirection and TokenCacheAction."""

_NAMES: Mapping[str, str] = {
    "anthropic": "Anthropic",
    "aws": "AWS",
    "azure": "Microsoft",
    "cerebras": "Cerebras",
    "cohere": "Cohere",
    "deepseek": "DeepSeek",
    "fireworks": "Fireworks AI",
    "google": "Google Cloud",
    "groq": "Groq",
    "mistral": "Mistral AI",
    "moonshotai": "Moonshot AI",
    "openai": "OpenAI",
    "openrouter": "OpenRouter",
    "perplexity": "Perplexity",
    "together": "Together AI",
    "voyageai": "Voyage AI",
    "x-ai": "xAI",
    "zai": "Z.ai",
}
_DEVELOPERS = (
    ("claude", "Anthropic"),
    ("gpt-", "OpenAI"),
    ("gemini", "Google"),
    ("gemma", "Google"),
    ("llama", "Meta"),
    ("mistral", "Mistral AI"),
    ("nova-", "Amazon"),
    ("deepseek", "DeepSeek"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLION, _THOUSAND = 1_000_000, 1_000


def as_csv(ledger: Ledger, version: Version) -> bytes:
    """All rows, with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[version], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(ledger, version))
    return text.getvalue().encode()


def rows(ledger: Ledger, version: Version) -> Iterator[dict[str, str]]:
    """One row a bucket of every slot that has a time, in the order of time."""
    for slot, sums in ledger.in_order():
        if slot.t is None:
            continue
        for bucket, number, cost in zip(Quote._fields, sums.counts, sums.costs, strict=True):
            if number and (cost or bucket != "requests"):
                yield _row(slot, slot.t, bucket, number, cost, version)


def _row(slot: Slot, hour: int, bucket: str, number: int, cost: int, version: Version) -> dict[str, str]:
    model = slot.model
    meter, direction, cache = _KINDS[bucket]
    unit = "Tokens" if direction else meter
    size = _MILLION if direction else _THOUSAND
    start = _EPOCH + timedelta(hours=hour)
    month = start.replace(day=1, hour=0)
    money = exact(cost)
    price = exact((getattr(slot.quote, bucket) or 0) * size)
    tier = slot.tier or Tier.STANDARD
    provider = _NAMES.get(model.provider, model.provider)
    sku = f"{model.provider}/{model.id}/{bucket.replace('_', '-')}"
    values = {
        "BilledCost": money,
        "BillingAccountId": ACCOUNT,
        "BillingAccountName": ACCOUNT,
        "BillingCurrency": "USD",
        "BillingPeriodEnd": _time((month + timedelta(days=32)).replace(day=1)),
        "BillingPeriodStart": _time(month),
        "ChargeCategory": "Usage",
        "ChargeClass": "",
        "ChargeDescription": f"{meter} of {model.id}, estimated at list price",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodEnd": _time(start + timedelta(hours=1)),
        "ChargePeriodStart": _time(start),
        "ConsumedQuantity": f"{number}.0",  # a decimal, for readers that guess types
        "ConsumedUnit": unit,
        "ContractedCost": money,
        "ContractedUnitPrice": price,
        "EffectiveCost": money,
        "InvoiceIssuerName": provider,
        "ListCost": money,
        "ListUnitPrice": price,
        "PricingCategory": "Standard" if tier is Tier.STANDARD else "Other",
        "PricingQuantity": _decimal(Decimal(number) / size),
        "PricingUnit": f"{size} {unit}",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": f"{provider} API",
        "ServiceSubcategory": "Generative AI",
        "SkuId": sku,
        "SkuMeter": meter,
        "SkuPriceDetails": _details(model, direction, cache, version),
        # Of one tier there may be several prices: long prompts cost more.
        "SkuPriceId": f"{sku}/{tier.value}/{price}",
        "x_CostIsEstimate": "true",
        "x_PriceListDate": model.origin.date.isoformat(),
        "x_ServiceTier": tier.value,
        "x_UsageQuality": slot.q.value,
    }
    if version is Version.V1_2:
        values |= {"ProviderName": provider, "PublisherName": _developer(model) or provider}
    else:
        values |= {"HostProviderName": provider, "ServiceProviderName": provider}
    return values


def _details(model: Model, direction: str | None, cache: str | None, version: Version) -> str:
    """What of the model and its tokens the price is for; keys that 1.2 does not have begin with x_."""
    found = {
        "ModelDeveloper": _developer(model),
        "ModelId": model.id,
        "TokenCacheAction": cache,
        "TokenDirection": direction,
    }
    start = "x_" if version is Version.V1_2 else ""
    return orjson.dumps({start + key: value for key, value in found.items() if value}).decode()


def _developer(model: Model) -> str | None:
    name = model.id.lower()
    own = (
        _NAMES.get(model.provider) if model.provider in ("anthropic", "openai", "mistral", "cohere") else None
    )
    return own or next((maker for start, maker in _DEVELOPERS if start in name), None)


def _time(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _decimal(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
