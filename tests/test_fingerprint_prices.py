"""Prices: exact, by date and tier, equal to those of genai-prices, and never guessed."""

import itertools
import warnings
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import genai_prices
import pytest
from genai_prices import data_snapshot

from cecil.fingerprint import build_prices
from cecil.fingerprint.models import Models
from cecil.fingerprint.prices import Model, PriceList, Region, Tier, Unpriced
from cecil.fingerprint.record import Fingerprint
from cecil.fingerprint.usage import Flag, Quality
from tests.prints import fingerprint

PRICES = PriceList.packaged()
NANO_DOLLAR = Decimal("1e-9")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def record(model: Model | None, when: datetime | None = None, **more: Any) -> Fingerprint:
    return fingerprint(model=model, t=None if when is None else (when - EPOCH) // timedelta(hours=1), **more)


def named(provider: str, name: str) -> Model:
    return PRICES.models[provider, name]


def usd(cost: int | Unpriced) -> Decimal:
    assert isinstance(cost, int)
    return Decimal(cost).scaleb(-12)


USAGES = [
    dict(
        zip(
            ("in_fresh", "in_cache_read", "in_cache_write_5m", "out_text", "out_reasoning"),
            counts,
            strict=True,
        )
    )
    for counts in (
        (0, 0, 0, 0, 0),
        (1, 0, 0, 1, 0),
        (1_000_000, 0, 0, 1_000_000, 0),
        (137, 1_024, 0, 41, 7),
        (3, 9_511, 1_956, 44, 0),
        (100_000, 0, 0, 10, 0),
        (100_001, 0, 0, 10, 0),
        (72_000, 100_000, 100_000, 10, 5),
        (72_001, 100_000, 100_000, 10, 5),
        (150_000, 100_000, 50_001, 3_333, 1_111),
    )
]
DAYS = [
    datetime(2025, 5, 1, 12, tzinfo=UTC),
    datetime(2026, 8, 1, tzinfo=UTC),
    datetime(2026, 10, 26, 23, tzinfo=UTC),
    datetime(2026, 10, 26, 7, tzinfo=UTC),
]
CONTEXTS: list[tuple[Tier | None, dict[str, str] | None]] = [
    (None, None),
    (Tier.BATCH, {"processing": "batch"}),
    (Tier.FLEX, {"service_tier": "flex"}),
    (Tier.PRIORITY, {"service_tier": "priority"}),
    (Tier.FAST, {"service_tier": "fast", "speed": "fast"}),
]


@pytest.mark.slow
@pytest.mark.parametrize("provider", build_prices.PROVIDERS)
def test_equal_to_genai_prices_for_every_model_day_tier_and_usage(provider: str) -> None:
    known = {p.id: p for p in data_snapshot.get_snapshot().providers}[provider]
    equal = 0
    for model, when, (tier, context) in itertools.product(known.models, DAYS, CONTEXTS):
        if (provider, model.id) not in PRICES.models:
            assert not build_prices._has_form(model)
            continue
        ours = named(provider, model.id)
        if tier and ours.sheet((when - EPOCH).days, tier) is None:
            continue  # genai-prices takes the standard price then; we say that there is none
        for usage in USAGES:
            cost = PRICES.cost(record(ours, when, tier=tier, **usage))
            if cost in (Unpriced.PRICE, Unpriced.HOUR):
                continue  # genai-prices takes a price that is missing for 0, and has the minute
            assert not isinstance(cost, Unpriced)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = model.calc_price(
                    genai_prices.Usage(
                        input_tokens=usage["in_fresh"] + usage["in_cache_read"] + usage["in_cache_write_5m"],
                        cache_read_tokens=usage["in_cache_read"],
                        cache_write_tokens=usage["in_cache_write_5m"],
                        cache_write_5m_tokens=usage["in_cache_write_5m"],
                        output_tokens=usage["out_text"] + usage["out_reasoning"],
                        output_reasoning_tokens=usage["out_reasoning"],
                    ),
                    known,
                    genai_request_timestamp=when,
                    price_context=_context(model, context),
                )
            difference = abs(usd(cost) - theirs.total_price)
            assert difference <= NANO_DOLLAR, (model.id, when, tier, usage)
            equal += 1
    assert equal >= 30


def _context(model: Any, context: dict[str, str] | None) -> dict[str, str] | None:
    """The part of a context that some price of the model depends on; genai-prices refuses the rest."""
    keys = {key for variant in model.price_variants or () for key in variant.when}
    return {key: value for key, value in (context or {}).items() if key in keys} or None


def test_few_models_are_left_out_of_the_list() -> None:
    """Those whose price depends on the route, or has no end of digits: see _has_form."""
    every = [
        m for p in data_snapshot.get_snapshot().providers if p.id in build_prices.PROVIDERS for m in p.models
    ]
    assert len(PRICES.models) > 0.98 * len(every)


def test_one_hour_writes_and_searches_equal_genai_prices() -> None:
    known = {p.id: p for p in data_snapshot.get_snapshot().providers}["anthropic"]
    checked = 0
    for model in known.models:
        sheet = named("anthropic", model.id).sheet(20_000, None)
        assert sheet is not None
        if "cache_write_1h_mtok" not in sheet or "web_searches_kcount" not in sheet:
            continue
        cost = PRICES.cost(
            record(
                named("anthropic", model.id),
                DAYS[1],
                in_fresh=10,
                in_cache_write_5m=333,
                in_cache_write_1h=777,
                web_searches=3,
            )
        )
        theirs = model.calc_price(
            genai_prices.Usage(
                input_tokens=1_120,
                cache_write_tokens=1_110,
                cache_write_5m_tokens=333,
                cache_write_1h_tokens=777,
                web_searches=3,
                output_tokens=0,
            ),
            known,
            genai_request_timestamp=DAYS[1],
        )
        assert usd(cost) == theirs.total_price, model.id
        checked += 1
    assert checked > 10


def test_a_one_hour_write_costs_twice_the_input() -> None:
    model = named("anthropic", "claude-opus-5")
    hour = PRICES.cost(record(model, in_cache_write_1h=1_000_000))
    five = PRICES.cost(record(model, in_cache_write_5m=1_000_000))
    fresh = PRICES.cost(record(model, in_fresh=1_000_000))
    assert (usd(fresh), usd(five), usd(hour)) == (5, Decimal("6.25"), 10)


def test_the_price_of_the_day() -> None:
    model = named("openai", "o3")
    usage = {"in_fresh": 1_000_000, "out_text": 1_000_000}
    assert usd(PRICES.cost(record(model, datetime(2025, 6, 9, 23, tzinfo=UTC), **usage))) == 50
    assert usd(PRICES.cost(record(model, datetime(2025, 6, 10, 0, tzinfo=UTC), **usage))) == 10
    assert usd(PRICES.cost(record(model, None, **usage))) == 10


def test_the_price_of_the_hour() -> None:
    model = named("deepseek", "deepseek-v4-pro")
    usage = {"in_fresh": 1_000_000}
    for hour, price in ((0, "0.66"), (1, "1.32"), (3, "1.32"), (4, "0.66"), (9, "1.32"), (10, "0.66")):
        assert usd(PRICES.cost(record(model, datetime(2026, 9, 1, hour, tzinfo=UTC), **usage))) == Decimal(
            price
        )
    assert PRICES.cost(record(model, **usage)) is Unpriced.HOUR


def test_hours_over_midnight() -> None:
    sheets = [{"prices": {"input_mtok": 1}}, {"hours": ["22:00", "06:00"], "prices": {"input_mtok": 2}}]
    prices = PriceList(own(providers=[{"id": "h", "models": [{"id": "m", "prices": sheets}]}]), PRICES)
    for hour, price in ((21, 1), (22, 2), (0, 2), (5, 2), (6, 1)):
        made = record(prices.models["h", "m"], datetime(2026, 9, 1, hour, tzinfo=UTC), in_fresh=1_000_000)
        assert usd(prices.cost(made)) == price


def test_an_hour_of_two_prices_has_none() -> None:
    model = named("deepseek", "deepseek-chat")
    for hour, price in ((0, None), (1, "0.27"), (15, "0.27"), (16, None), (17, "0.135")):
        cost = PRICES.cost(record(model, datetime(2026, 9, 1, hour, tzinfo=UTC), in_fresh=1_000_000))
        assert cost is Unpriced.HOUR if price is None else usd(cost) == Decimal(price)


def test_an_unknown_model_has_no_price() -> None:
    assert PRICES.cost(record(None, in_fresh=5)) is Unpriced.MODEL


@pytest.mark.parametrize(
    ("tier", "when", "cost"),
    [
        (Tier.STANDARD, DAYS[2], Decimal("2.5")),
        (Tier.BATCH, DAYS[2], Decimal("1.25")),
        (Tier.BATCH, DAYS[1], None),
        (Tier.PRIORITY, DAYS[2], Decimal("4.25")),
        (Tier.FLEX, DAYS[2], None),
        (Tier.OTHER, DAYS[2], None),
    ],
)
def test_a_tier_without_a_price_is_not_priced_as_standard(
    tier: Tier, when: datetime, cost: Decimal | None
) -> None:
    found = PRICES.cost(record(named("openai", "gpt-4o"), when, tier=tier, in_fresh=1_000_000))
    assert found is Unpriced.TIER if cost is None else usd(found) == cost


@pytest.mark.parametrize("region", Region)
def test_a_region_without_a_price_is_not_priced_as_global(region: Region) -> None:
    found = PRICES.cost(record(named("anthropic", "claude-opus-5"), region=region, in_fresh=1))
    assert isinstance(found, int) if region is Region.GLOBAL else found is Unpriced.REGION


def test_audio_is_not_priced_as_text() -> None:
    for name in ("gpt-4o-audio-preview", "gpt-audio"):
        model = named("openai", name)
        assert PRICES.cost(record(model, in_fresh=64, flags=frozenset({Flag.AUDIO}))) is Unpriced.UNITS
        assert isinstance(PRICES.cost(record(model, in_fresh=64)), int)


def test_images_are_priced_as_text_unless_the_list_has_a_price_for_them() -> None:
    flags = frozenset({Flag.IMAGE})
    assert isinstance(PRICES.cost(record(named("openai", "gpt-4o"), in_fresh=64, flags=flags)), int)
    assert PRICES.cost(record(named("openai", "gpt-image-1"), in_fresh=64, flags=flags)) is Unpriced.UNITS


def test_a_price_that_is_missing_is_not_zero() -> None:
    assert PRICES.cost(record(named("openai", "text-embedding-3-small"), out_text=1)) is Unpriced.PRICE
    assert isinstance(PRICES.cost(record(named("openai", "text-embedding-3-small"), in_fresh=1)), int)
    assert PRICES.cost(record(named("anthropic", "claude-3-haiku"), web_searches=1)) is Unpriced.PRICE


def test_a_one_hour_write_does_not_take_the_price_of_five_minutes() -> None:
    model = named("openai", "gpt-5.6-sol")
    assert PRICES.cost(record(model, in_cache_write_1h=1)) is Unpriced.PRICE
    assert isinstance(PRICES.cost(record(model, in_cache_write_5m=1)), int)


def test_tokens_that_nobody_reported_have_no_price() -> None:
    model = named("openai", "gpt-4o")
    assert PRICES.cost(record(model, q=Quality.NONE)) is Unpriced.USAGE


def test_a_price_for_each_request() -> None:
    model = named("perplexity", "sonar-pro")
    assert usd(PRICES.cost(record(model))) == Decimal("0.014")
    assert PRICES.cost(record(model, flags=frozenset({Flag.GATEWAY_CACHE}))) == 0


def own(**more: Any) -> dict[str, Any]:
    """A user's own list: one model of the packaged list, and one that it does not have."""
    return {
        "date": "2026-11-01",
        "source": {"name": "contract"},
        "providers": [
            {
                "id": "openai",
                "models": [{"id": "gpt-4o", "prices": [{"prices": {"input_mtok": 2, "output_mtok": "8.5"}}]}],
            },
            {"id": "house", "models": [{"id": "llama-acme", "prices": [{"prices": {"input_mtok": 0.1}}]}]},
        ],
    } | more


class TestOwnList:
    def test_what_it_names_holds_and_all_else_stays(self) -> None:
        prices = PriceList(own(), PRICES)
        ours = prices.models["openai", "gpt-4o"]
        assert usd(prices.cost(record(ours, in_fresh=1_000_000, out_text=1_000_000))) == Decimal("10.5")
        assert ours.match == named("openai", "gpt-4o").match
        house = prices.models["house", "llama-acme"]
        assert usd(prices.cost(record(house, in_fresh=1_000_000))) == Decimal("0.1")
        assert Models(prices).find("llama-acme", ("house",)).model is house
        assert Models(prices).find("llama-acme", ("openai",)).model is house
        assert Models(prices).find("llama-acme", ()).model is house
        assert Models(PRICES).find("llama-acme", ("openai",)).model is None
        assert Models(prices).find("gpt-4o", ("openai",)).model is ours
        assert prices.models["openai", "o3"] is named("openai", "o3")
        assert [origin.name for origin in prices.origins] == ["contract", "genai-prices 0.2.3"]
        assert prices.date == PRICES.date

    def test_without_a_time_the_day_of_the_list_that_has_the_price_counts(self) -> None:
        dated = own()
        dated["providers"][0]["models"][0]["prices"] = [
            {"prices": {"input_mtok": 9}},
            {"since": "2026-10-30", "prices": {"input_mtok": 3}},
            {"since": "2026-11-02", "prices": {"input_mtok": 5}},
        ]
        prices = PriceList(dated, PRICES)
        assert usd(prices.cost(record(prices.models["openai", "gpt-4o"], in_fresh=1_000_000))) == 3

    def test_the_order_in_which_days_and_steps_are_written_does_not_matter(self) -> None:
        sheets = [
            {"since": "2026-10-30", "prices": {"input_mtok": {"base": 3, "steps": [[2000, 5], [1000, 4]]}}},
            {"prices": {"input_mtok": 9}},
        ]
        tiers = [
            {"tier": "batch", "since": since, "prices": {"input_mtok": price}}
            for since, price in (("2026-10-01", 2), ("2026-10-30", 1))
        ]
        for turned in (slice(None), slice(None, None, -1)):
            entry = {"id": "m", "prices": sheets[turned], "tiers": tiers[turned]}
            prices = PriceList(own(providers=[{"id": "h", "models": [entry]}]), PRICES)
            model = prices.models["h", "m"]
            assert usd(prices.cost(record(model, in_fresh=1_000))) == Decimal("0.003")
            assert usd(prices.cost(record(model, in_fresh=2_000))) == Decimal("0.008")
            assert usd(prices.cost(record(model, in_fresh=3_000))) == Decimal("0.015")
            assert usd(prices.cost(record(model, in_fresh=1_000, tier=Tier.BATCH))) == Decimal("0.001")

    @pytest.mark.parametrize("price", ["1e7", 1e30, "Infinity"])
    def test_a_price_beyond_belief_is_refused(self, price: object) -> None:
        wrong = own()
        wrong["providers"][0]["models"][0]["prices"][0]["prices"]["input_mtok"] = price
        with pytest.raises(ValueError, match="the price of input_mtok is beyond belief"):
            PriceList(wrong, PRICES)

    def test_a_day_that_is_none_is_refused(self) -> None:
        for damage in ({"date": "2026-13-01"}, {"providers": [self.dated("2026-13-01")]}):
            with pytest.raises(ValueError, match="a date in a price list is YYYY-MM-DD"):
                PriceList(own(**damage), PRICES)

    def dated(self, since: str) -> dict[str, Any]:
        return {"id": "h", "models": [{"id": "m", "prices": [{"since": since, "prices": {"input_mtok": 1}}]}]}

    def test_the_caller_is_told_of_a_price_that_is_misspelled(self) -> None:
        wrong = own()
        wrong["providers"][0]["models"][0]["prices"][0]["prices"]["input_mtoks"] = 1
        with pytest.raises(ValueError, match="no price has the name 'input_mtoks'"):
            PriceList(wrong, PRICES)

    @pytest.mark.parametrize(
        "damage",
        [
            {"currency": "EUR"},
            {
                "providers": [
                    {"id": "h", "models": [{"id": "m", "prices": [], "tiers": [{"hours": [], "prices": {}}]}]}
                ]
            },
            {"source": {"name": "a\x1b[31m"}},
            {"providers": [{"id": "house", "models": [{"id": "a b", "prices": []}]}]},
            {"providers": [{"id": "h", "models": [{"id": "m", "prices": [], "match": {"like": "m"}}]}]},
            {"providers": [{"id": "h", "models": [{"id": "m", "prices": [], "match": {"regex": "("}}]}]},
            {
                "providers": [
                    {"id": "h", "models": [{"id": "m", "prices": [], "match": {"or": [{"equals": 1}]}}]}
                ]
            },
        ],
    )
    def test_what_is_wrong_is_refused(self, damage: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"price|id|match|USD"):
            PriceList(own(**damage), PRICES)

    def test_a_model_without_prices_has_none(self) -> None:
        prices = PriceList(own(providers=[{"id": "h", "models": [{"id": "m", "prices": []}]}]), PRICES)
        assert prices.cost(record(prices.models["h", "m"], in_fresh=1)) is Unpriced.TIER


def test_the_file_is_what_its_maker_makes() -> None:
    made = build_prices.build(PRICES.date)
    folder = build_prices._FOLDER
    committed = (folder / "prices.json").read_bytes()
    assert committed == build_prices.dump(made)
    assert (folder / "NOTICE").read_text() == build_prices.notice(made)


@pytest.mark.parametrize(
    "damage",
    [
        {"date": "soon"},
        {"providers": None},
        {"providers": [{"id": "p"}]},
        {
            "providers": [
                {"id": "p", "models": [{"id": "m", "match": {}, "prices": [{"prices": {"input_mtok": "x"}}]}]}
            ]
        },
        {
            "providers": [
                {
                    "id": "p",
                    "models": [{"id": "m", "match": {}, "prices": [{"prices": {"input_mtok": "-1"}}]}],
                }
            ]
        },
        {
            "providers": [
                {
                    "id": "p",
                    "models": [{"id": "m", "match": {}, "prices": [{"prices": {"input_mtok": "0.0000001"}}]}],
                }
            ]
        },
    ],
)
def test_what_is_no_price_list_is_refused(damage: dict[str, Any]) -> None:
    good = {"date": "2026-01-01", "source": {"name": "n", "version": "1"}, "providers": []}
    assert PriceList(good).date == date(2026, 1, 1)
    with pytest.raises(ValueError, match="price"):
        PriceList(good | damage)
