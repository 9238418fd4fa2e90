"""Makes `prices.json` and `NOTICE` of the package genai-prices (a development dependency).

    python -m cecil.fingerprint.build_prices --date 2026-10-26

Owns: which providers the list has and the spelling of the file. The names of prices stay those of the
source, so that a row can be compared with it. Not imported by anything; only a release runs it.
"""

import argparse
import importlib.metadata
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

PROVIDERS = (
    *("anthropic", "openai", "aws", "azure", "google", "mistral", "cohere", "groq", "deepseek", "x-ai"),
    *("openrouter", "voyageai", "cerebras", "fireworks", "together", "perplexity", "moonshotai", "zai"),
)
_FOLDER = Path(__file__).parent
_PACKAGE = "genai-prices"
_TIERS = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
    ("service_tier", "fast"): "fast",
    ("speed", "fast"): "fast",
}
_FINEST = 1_000_000
"""A price for a million tokens has at most this fraction."""
_STANDARD = {"service_tier": "default"}
"""A variant that changes nothing."""


def build(day: date) -> dict[str, Any]:
    """The price list.

    Args:
        day: when the source's prices were known to be right.

    Raises:
        ValueError: the source says something that the list has no form for.
    """
    from genai_prices import data_snapshot

    known = {provider.id: provider for provider in data_snapshot.get_snapshot().providers}
    return {
        "date": day.isoformat(),
        "currency": "USD",
        "source": {
            "name": _PACKAGE,
            "version": importlib.metadata.version(_PACKAGE),
            "url": "https://github.com/pydantic/genai-prices",
            "licence": "MIT",
        },
        "providers": [
            {"id": name, "models": [_model(model) for model in known[name].models if _has_form(model)]}
            for name in PROVIDERS
        ],
    }


def _has_form(model: Any) -> bool:
    """Whether the list has a form for a model's prices.

    It has none for routes, and for what is finer than a picodollar a token.

    Such a model is left out, so that its calls are counted as unpriced: half of the truth would be a guess.
    """
    prices = model.prices if isinstance(model.prices, list) else []
    known = {*_TIERS, *_STANDARD.items()}
    sheets = [price.prices for price in prices] or [model.prices]
    if any(
        type(price) is Decimal and price * _FINEST % 1 for sheet in sheets for price in vars(sheet).values()
    ):
        return False
    return all(known.issuperset(variant.when.items()) for variant in model.price_variants or ())


def _model(model: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": model.id, "match": _clause(model.match)}
    if isinstance(model.prices, list):
        entry["prices"] = [_dated(price.constraint, price.prices) for price in model.prices]
    else:
        entry["prices"] = [_dated(None, model.prices)]
    tiers = [_variant(variant) for variant in model.price_variants or () if variant.when != _STANDARD]
    if tiers:
        entry["tiers"] = tiers
    return entry


def _variant(variant: Any) -> dict[str, Any]:
    tier = _TIERS.get(next(iter(variant.when.items())))
    if tier is None or len(variant.when) != 1:
        raise ValueError("a price variant of an unknown kind")
    return {"tier": tier, **_dated(variant.constraint, variant.prices)}


def _dated(constraint: Any, prices: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if type(constraint).__name__ == "TimeOfDateConstraint":
        entry["hours"] = [_minute(constraint.start_time), _minute(constraint.end_time)]
    elif constraint is not None:
        if type(constraint).__name__ != "StartDateConstraint":
            raise ValueError("a price constraint of an unknown kind")
        entry["since"] = constraint.start_date.isoformat()
    entry["prices"] = {name: _price(price) for name, price in vars(prices).items() if price is not None}
    return entry


def _minute(moment: Any) -> str:
    if moment.utcoffset() or moment.second:
        raise ValueError("a time of day that is not UTC, or not on a minute")
    return str(moment.strftime("%H:%M"))


def _price(price: Any) -> Any:
    if isinstance(price, Decimal):
        return str(price)
    return {"base": str(price.base), "steps": [[tier.start, str(tier.price)] for tier in price.tiers]}


def _clause(clause: Any) -> dict[str, Any]:
    ((name, value),) = vars(clause).items()
    if name in ("or_", "and_"):
        return {name.rstrip("_"): [_clause(part) for part in value]}
    if name not in ("equals", "starts_with", "ends_with", "contains", "regex"):
        raise ValueError("a match clause of an unknown kind")
    return {name: value}


def dump(prices: dict[str, Any]) -> bytes:
    """The list as a file: one model a line, so that a diff shows what changed."""
    return b"\n".join(_lines(prices)) + b"\n"


def _lines(prices: dict[str, Any]) -> Iterator[bytes]:
    head = {key: value for key, value in prices.items() if key != "providers"}
    yield orjson.dumps(head)[:-1] + b',"providers":['
    for number, provider in enumerate(prices["providers"]):
        yield b'{"id":' + orjson.dumps(provider["id"]) + b',"models":['
        yield b",\n".join(orjson.dumps(model) for model in provider["models"])
        yield b"]}" + (b"," if number < len(prices["providers"]) - 1 else b"")
    yield b"]}"


def notice(prices: dict[str, Any]) -> str:
    """The attribution that the source's licence asks for."""
    source = prices["source"]
    files = importlib.metadata.files(_PACKAGE) or []
    licence = next(file for file in files if file.name == "LICENSE").read_text()
    return (
        f"prices.json holds list prices from {source['name']} {source['version']} ({source['url']}),\n"
        f"as of {prices['date']}, brought into another form by build_prices.py. Its licence:\n\n{licence}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="make the price list", allow_abbrev=False)
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        required=True,
        help="when the source's prices were known to be right",
    )
    args = parser.parse_args()
    prices = build(args.date)
    (_FOLDER / "prices.json").write_bytes(dump(prices))
    (_FOLDER / "NOTICE").write_text(notice(prices))
    sys.stderr.write(f"{sum(len(p['models']) for p in prices['providers'])} models\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
