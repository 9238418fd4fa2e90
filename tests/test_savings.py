"""The levers: each by its formula, on calls that are made for it."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.fingerprint.prices import PICO, PriceList, Tier
from cecil.fingerprint.record import Fingerprint, Repeat, Source
from cecil.fingerprint.savings import Saving, Savings, by_name
from cecil.fingerprint.savings.caching import minimum, possible
from cecil.fingerprint.savings.growth import _class, _least
from cecil.fingerprint.savings.superseded import SUCCESSORS
from tests.prints import fingerprint

PRICES = PriceList.packaged()
SONNET, OPUS = "anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-8"
DAY = 498_000
Run = Callable[..., Any]


def levers(
    *calls: Fingerprint, batchable: bool = False, what_if: tuple[str, str] | None = None
) -> dict[str, Saving]:
    switches = []
    if what_if:
        pair = [by_name(PRICES, name) for name in what_if]
        assert pair[0]
        assert pair[1]
        switches = [(pair[0], pair[1])]
    savings = Savings(PRICES, switches)
    for call in calls:
        costs = PRICES.costs(call)
        assert isinstance(costs, tuple)
        savings.add(call, costs, batchable=batchable)
    return {saving.lever: saving for saving in savings.all()}


def usd(saving: Saving) -> tuple[Decimal, Decimal]:
    return Decimal(saving.low) / PICO, Decimal(saving.high) / PICO


def sonnet(**more: Any) -> Fingerprint:
    """A million tokens of input for 3 USD."""
    return fingerprint(SONNET, **({"t": DAY, "in_fresh": 100_000} | more))


class TestRepeats:
    @pytest.mark.parametrize(
        ("fields", "low", "high"),
        [
            ({"repeat": Repeat.M5, "temp0": True}, "0.3", "0.3"),
            ({"repeat": Repeat.H1, "temp0": True}, "0.3", "0.3"),
            ({"repeat": Repeat.H24, "temp0": True}, "0", "0.3"),
            ({"repeat": Repeat.M5, "temp0": False}, "0", "0.3"),
            ({"repeat": Repeat.M5, "temp0": None}, "0", "0.3"),
            ({"repeat": Repeat.MORE, "temp0": True}, "0", "0"),
            ({"repeat": Repeat.NONE, "temp0": True}, "0", "0"),
            ({"repeat": None}, "0", "0"),
            ({"repeat": Repeat.M5, "temp0": True, "retry": True}, "0", "0"),
            ({"repeat": Repeat.M5, "temp0": True, "ok": False}, "0", "0"),
        ],
    )
    def test_by_age_and_temperature(self, fields: dict[str, Any], low: str, high: str) -> None:
        assert usd(levers(sonnet(**fields))["repeated-calls"]) == (Decimal(low), Decimal(high))

    def test_what_the_log_does_not_tell_is_not_looked_at(self) -> None:
        assert levers(sonnet(), sonnet(repeat=Repeat.NONE))["repeated-calls"].looked_at == 1


class TestCaching:
    def test_reads_less_writes(self) -> None:
        calls = [
            sonnet(reuse_5m=0, reuse_1h=0),
            *[sonnet(reuse_5m=90_000, reuse_1h=90_000)] * 9,
        ]
        found = levers(*calls)["prompt-caching"]
        reads = 9 * 90_000 * Decimal("2.7") / 10**6
        writes = (100_000 + 9 * 10_000) * Decimal("0.75") / 10**6
        assert usd(found) == (reads - writes, reads)
        assert found.calls == 9
        assert found.figures == {"realised_share_of_input": 0.0, "possible_share_of_input": 0.81}

    def test_what_was_read_is_not_saved_again(self) -> None:
        call = sonnet(in_fresh=10_000, in_cache_read=90_000, reuse_5m=90_000, reuse_1h=90_000)
        found = levers(call)["prompt-caching"]
        assert usd(found) == (0, 0)
        assert found.figures["realised_share_of_input"] == found.figures["possible_share_of_input"] == 0.9

    def test_where_writes_cost_more_than_reads_give_there_is_no_sure_saving(self) -> None:
        found = levers(sonnet(reuse_5m=2_000, reuse_1h=50_000))["prompt-caching"]
        assert found.low == 0 < found.high

    def test_writes_are_free_at_openai(self) -> None:
        call = fingerprint("openai/gpt-4o", t=DAY, in_fresh=2_000, reuse_5m=1_100, reuse_1h=1_100)
        found = levers(call)["prompt-caching"]
        assert found.low == found.high == 1_024 * 1_250_000

    def test_a_provider_without_a_price_for_it_is_left_out(self) -> None:
        assert (
            levers(fingerprint("openai/gpt-4", in_fresh=9, reuse_5m=9, reuse_1h=9))[
                "prompt-caching"
            ].looked_at
            == 0
        )

    def test_minima(self) -> None:
        gpt, sonnet_4_5, haiku, gemini = (
            PRICES.models["openai", "gpt-4o"],
            PRICES.models["anthropic", "claude-sonnet-4-5"],
            PRICES.models["anthropic", "claude-haiku-4-5"],
            PRICES.models["google", "gemini-2.5-pro"],
        )
        assert [minimum(model) for model in (gpt, sonnet_4_5, haiku, gemini)] == [1_024, 1_024, 4_096, 4_096]
        assert [possible(n, gpt) for n in (1_023, 1_024, 1_151, 1_152)] == [0, 1_024, 1_024, 1_152]
        assert [possible(n, sonnet_4_5) for n in (1_023, 1_025)] == [0, 1_025]


class TestBatch:
    def test_only_sources_that_the_user_named(self) -> None:
        call = sonnet()
        assert usd(levers(call, batchable=True)["batch"]) == (Decimal("0.15"), Decimal("0.15"))
        assert levers(call)["batch"].looked_at == 0

    def test_somebody_may_wait(self) -> None:
        assert usd(levers(sonnet(turn=1), batchable=True)["batch"]) == (0, Decimal("0.15"))

    @pytest.mark.parametrize("fields", [{"stream": True}, {"ok": False}])
    def test_what_cannot_be_a_batch(self, fields: dict[str, Any]) -> None:
        assert levers(sonnet(**fields), batchable=True)["batch"].high == 0

    def test_a_model_without_a_batch_price(self) -> None:
        call = fingerprint("openai/gpt-4o", t=480_000, in_fresh=1_000)
        assert levers(call, batchable=True)["batch"].looked_at == 0


def test_failures_that_cost_money_and_repeats_of_a_success() -> None:
    found = levers(
        sonnet(ok=False),
        sonnet(ok=False, in_fresh=0),
        sonnet(repeat=Repeat.M5, retry=True),
        sonnet(repeat=Repeat.M5, retry=False),
        sonnet(repeat=Repeat.H1, retry=False),
    )["failed-and-retried"]
    assert usd(found) == (Decimal("0.3"), Decimal("0.6"))
    assert found.figures == {"retries_after_a_failure": 1, "repeats_of_a_success": 1}
    assert (found.calls, found.looked_at) == (2, 5)


class TestSwitch:
    def test_within_a_family_tokens_stay(self) -> None:
        call = fingerprint("openai/gpt-4o", t=DAY, in_fresh=1_000_000)
        found = levers(call, what_if=("openai/gpt-4o", "openai/gpt-4o-mini"))["model-switch"]
        assert usd(found) == (Decimal("2.35"), Decimal("2.35"))
        assert found.figures == {"from": "openai/gpt-4o", "to": "openai/gpt-4o-mini", "left_out": 0}

    def test_a_bigger_tokenizer_makes_more_tokens(self) -> None:
        found = levers(sonnet(), what_if=(SONNET, OPUS))["model-switch"]
        least, most = (round(100_000 * 1.46 / 1.13 * part) * 5 for part in (0.9, 1.1))
        assert usd(found) == (Decimal("0.3") - Decimal(most) / 10**6, Decimal("0.3") - Decimal(least) / 10**6)
        assert found.high < 0

    def test_reasoning_may_go_or_stay(self) -> None:
        call = fingerprint("openai/gpt-5", t=DAY, out_reasoning=1_000_000)
        found = levers(call, what_if=("openai/gpt-5", "openai/gpt-5-mini"))["model-switch"]
        assert usd(found) == (8, 10)

    def test_other_models_and_what_has_no_price_are_left_out(self) -> None:
        write = fingerprint("anthropic/claude-opus-5", in_cache_write_1h=5)
        search = fingerprint("anthropic/claude-opus-5", web_searches=1)
        found = levers(
            sonnet(), write, search, what_if=("anthropic/claude-opus-5", "anthropic/claude-3-haiku")
        )["model-switch"]
        assert (found.looked_at, found.figures["left_out"]) == (1, 1)

    def test_a_tier_that_the_other_model_does_not_have(self) -> None:
        call = fingerprint("openai/gpt-4o", t=DAY, in_fresh=1_000, tier=Tier.PRIORITY)
        found = levers(call, what_if=("openai/gpt-4o", "anthropic/claude-3-haiku"))["model-switch"]
        assert (found.looked_at, found.figures["left_out"]) == (0, 1)

    def test_names(self) -> None:
        assert by_name(PRICES, "gpt-4o") is PRICES.models["openai", "gpt-4o"]
        assert by_name(PRICES, "claude-sonnet-4-5") is PRICES.models["anthropic", "claude-sonnet-4-5"]
        assert by_name(PRICES, "voyage-3.5") is PRICES.models["voyageai", "voyage-3.5"]
        assert by_name(PRICES, "aws/x") is None
        assert by_name(PRICES, "") is None


def test_reasoning() -> None:
    call = fingerprint("openai/gpt-5", t=DAY, out_reasoning=300_000, out_text=100_000)
    found = levers(call, sonnet())["reasoning"]
    assert usd(found) == (Decimal("0.75"), Decimal("1.5"))
    assert found.figures == {"reasoning_share_of_output": 0.75}
    assert (found.calls, found.looked_at) == (1, 2)


class TestGrowth:
    def test_input_beyond_twice_the_median(self) -> None:
        calls = [sonnet(turn=turn, in_fresh=tokens) for turn, tokens in ((1, 1_024), (2, 1_024), (3, 4_096))]
        found = levers(*calls, sonnet())["context-growth"]
        assert usd(found) == (0, Decimal(2_048 * 3) / 10**6)
        assert (found.calls, found.looked_at) == (1, 3)
        assert found.figures == {"input_tokens_more_per_turn": 1536.0}

    def test_without_sessions_nothing_is_known(self) -> None:
        found = levers(sonnet())["context-growth"]
        assert (found.looked_at, found.high) == (0, 0)

    def test_empty_inputs(self) -> None:
        assert levers(sonnet(turn=1, in_fresh=0))["context-growth"].high == 0

    @given(st.integers(1, 4_000_000))
    def test_classes_are_narrow(self, tokens: int) -> None:
        assert _least(_class(tokens)) <= tokens < _least(_class(tokens)) * 17 / 16 + 1


class TestLosingCaches:
    def test_writes_without_reads(self) -> None:
        wrote = sonnet(in_cache_write_5m=100_000)
        read = sonnet(t=DAY + 24, in_cache_read=100_000)
        found = levers(wrote, read)["losing-caches"]
        # 25 % more for the write on one day, 90 % less for the read on the next: only the day has a loss.
        assert usd(found) == (0, Decimal("0.075"))
        assert (found.calls, found.looked_at) == (1, 2)
        alone = levers(wrote, sonnet(in_cache_write_1h=100_000))["losing-caches"]
        assert usd(alone) == (Decimal("0.375"), Decimal("0.375"))
        assert alone.figures == {"models_that_lose": 1}


class TestSuperseded:
    def test_successors_are_in_the_price_list(self) -> None:
        for (provider, before), after in SUCCESSORS.items():
            assert (provider, before) in PRICES.models
            assert (provider, after) in PRICES.models

    def test_only_where_the_successor_costs_less(self) -> None:
        cheaper = fingerprint("openai/gpt-4", t=DAY, in_fresh=1_000)
        dearer = fingerprint("openai/gpt-3.5-turbo", t=DAY, in_fresh=1_000)
        found = levers(cheaper, dearer, sonnet())["superseded-models"]
        assert found.calls == 1
        assert 0 < found.low <= found.high
        assert found.figures == {
            "models": "gpt-4 -> gpt-5.6-sol",
            "models_whose_successor_costs_more": 1,
        }


CALLS = st.builds(
    fingerprint,
    st.sampled_from([SONNET, "openai/gpt-4o", "openai/gpt-5", "openai/gpt-4", "google/gemini-2.5-flash"]),
    t=st.one_of(st.none(), st.integers(DAY, DAY + 99)),
    in_fresh=st.integers(0, 300_000),
    in_cache_read=st.integers(0, 9_000),
    out_text=st.integers(0, 9_000),
    repeat=st.one_of(st.none(), st.sampled_from(Repeat)),
    retry=st.booleans(),
    temp0=st.booleans(),
    ok=st.booleans(),
    turn=st.one_of(st.none(), st.integers(1, 9)),
    reuse_5m=st.integers(0, 200_000),
    reuse_1h=st.integers(0, 200_000),
)


@given(st.lists(CALLS, max_size=20), st.booleans())
def test_nobody_saves_more_than_was_spent(calls: list[Fingerprint], batchable: bool) -> None:
    for saving in levers(*calls, batchable=batchable).values():
        assert 0 <= saving.low <= saving.high <= saving.spent
        assert saving.calls <= saving.looked_at <= len(calls)


class TestCommand:
    LINE = sonnet(t=DAY).to_bytes()

    def run(self, cecil: Run, *more: str, file: str | None = None) -> dict[str, Any]:
        operands = () if file is None else (file,)
        done = cecil("report", "--format", "json", "--today", "2026-10-27", *more, *operands, stdin=self.LINE)
        assert (done.returncode, done.stderr) == (0, b"")
        return {saving["lever"]: saving for saving in json.loads(done.stdout)["savings"]}

    def test_what_if(self, cecil: Run) -> None:
        found = self.run(cecil, "--what-if", "claude-sonnet-4-5=anthropic/claude-haiku-4-5")["model-switch"]
        assert (found["low_usd"], found["high_usd"]) == (0.2, 0.2)
        assert (found["from"], found["to"]) == (SONNET, "anthropic/claude-haiku-4-5")
        wrong = cecil("report", "--what-if", "gpt-4o", stdin=b"")
        assert wrong.returncode == 2
        assert b"no such model" in wrong.stderr

    def test_batchable_names_an_input_or_a_shape(self, cecil: Run, tmp_path: Any) -> None:
        (tmp_path / "night.jsonl").write_bytes(self.LINE)
        assert self.run(cecil)["batch"]["high_usd"] == 0
        assert self.run(cecil, "--batchable", "-")["batch"]["high_usd"] == 0.15
        assert self.run(cecil, "--batchable", Source.OPENAI_CHAT.value)["batch"]["high_usd"] == 0.15
        assert self.run(cecil, "--batchable", "night.jsonl", file="night.jsonl")["batch"]["high_usd"] == 0.15
        wrong = cecil("report", "--batchable", "other.jsonl", "night.jsonl", stdin=b"")
        assert wrong.returncode == 2
        assert b"neither an input nor a shape" in wrong.stderr

    def test_explain(self, cecil: Run) -> None:
        done = cecil("report", "--explain", "--today", "2026-10-27", stdin=self.LINE)
        text = done.stdout.decode()
        assert text.count("computed: ") == text.count("assumed: ") == 8
        assert "batch: nothing found in 0 records" in text
        assert max(map(len, text.splitlines())) <= 110
