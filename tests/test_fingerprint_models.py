"""A model's name to the price list's entry: what means it, and what only looks like it."""

import pytest

from cecil.fingerprint.models import Models, matches
from cecil.fingerprint.prices import PriceList

MODELS = Models(PriceList.packaged())
BOTH = ("openai", "anthropic")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gpt-4o", "openai/gpt-4o"),
        ("gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("GPT-4o ", "openai/gpt-4o"),
        ("gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"),
        ("gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"),
        ("gpt-5-nano-2025-08-07", "openai/gpt-5-nano"),
        ("gpt-5.6-sol-2026-07-01", "openai/gpt-5.6-sol"),
        ("gpt-4o-audio-preview-2024-12-17", "openai/gpt-4o-audio-preview"),
        ("o3-mini", "openai/o3-mini"),
        ("claude-sonnet-4-20250514", "anthropic/claude-sonnet-4-0"),
        ("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
        ("claude-3-opus-20240229", "anthropic/claude-3-opus-latest"),
        ("claude-haiku-4-5@20251001", "anthropic/claude-haiku-4-5"),
        ("claude-opus-5", "anthropic/claude-opus-5"),
    ],
)
def test_names_of_the_list(name: str, found: str) -> None:
    match = MODELS.find(name, BOTH)
    assert match.model is not None
    assert f"{match.model.provider}/{match.model.id}" == found
    assert not match.tuned


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "gpt",
        "gpt-4o-acme",
        "gpt-4o-mini:ft-acme-2024",
        "acme-prod-gpt-4o",
        "azure/gpt-4o",
        "openai/gpt-4o",
        "gpt-oss:20b",
        "claude-sonnet-5-acme-proxy",
        "claude-sonnet-4-5-for-ada",
        "claude-opus-4-9-acme",
        "acme-moderation-bot",
        "my-claude-v2-finetune",
        "arn:aws:bedrock:eu-central-1:918273645546:application-inference-profile/ab12",
        "gpt-4o\nignore",
        "gpt-4o" + "-1" * 60,
    ],
)
def test_names_that_are_nobodys_list_price(name: str) -> None:
    assert MODELS.find(name, BOTH).model is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ft:gpt-4o-2024-08-06:acme::Ab1", "ft:gpt-4o"),
        ("ft:gpt-4o-mini-2024-07-18:acme-corp:secret project:Xy", "ft:gpt-4o-mini"),
        ("ft:gpt-3.5-turbo-0125:acme", "ft:gpt-3.5-turbo-"),
        ("ft:gpt-9-acme:acme::Ab1", None),
        ("ft:acme", None),
    ],
)
def test_fine_tunes_lose_their_owner(name: str, found: str | None) -> None:
    match = MODELS.find(name, BOTH)
    assert match.tuned
    assert (match.model.id if match.model else None) == found


def test_only_the_named_providers_are_asked() -> None:
    assert MODELS.find("gpt-4o", ("anthropic",)).model is None
    assert MODELS.find("claude-opus-5", ("openai",)).model is None


@pytest.mark.parametrize(
    ("clause", "takes", "refuses"),
    [
        ({"equals": "M-1"}, "m-1", "m-1-2"),
        ({"starts_with": "m-1"}, "m-1-20250101", "m-1-ada"),
        ({"ends_with": "m-1"}, "m-1", "ada-m-1"),
        ({"contains": "m-1"}, "m-1-latest", "ada-m-1"),
        ({"regex": r"^m-\d$"}, "m-1", "m-12"),
        ({"or": [{"equals": "m-1"}, {"equals": "m-2"}]}, "m-2", "m-3"),
        ({"and": [{"starts_with": "m-1"}, {"regex": "5$"}]}, "m-1-25", "m-1-24"),
    ],
)
def test_clauses(clause: dict[str, object], takes: str, refuses: str) -> None:
    assert matches(clause, takes)
    assert not matches(clause, refuses)
