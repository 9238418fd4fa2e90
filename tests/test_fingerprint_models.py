"""A model's name to the price list's entry: what means it, and what only looks like it."""

import pytest

from cecil.fingerprint.models import Models, matches
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.vendors import ANYBODY

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
        "acme/gpt-4o",
        "azure/acme-gpt-4o",
        "bedrock/eu-central-1/acme",
        "publishers/acme/models/x",
        "accounts/acme/models/x",
        "arn:aws:bedrock:us-east-1:918273645546:provisioned-model/ab12",
        "arn:aws:bedrock:us-east-1:918273645546:imported-model/ab12",
        "projects/acme/locations/eu/endpoints/918273645546",
        "hf-user/model",
        "acme-llama:latest",
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


@pytest.mark.parametrize(
    ("name", "providers", "found"),
    [
        ("azure/gpt-4o", ANYBODY, ("openai", "gpt-4o")),
        ("openai/gpt-4o", ANYBODY, ("openai", "gpt-4o")),
        ("publishers/google/models/gemini-2.5-pro", ("google",), ("google", "gemini-2.5-pro")),
        (
            "projects/p/locations/l/publishers/google/models/gemini-2.5-pro",
            ("google",),
            ("google", "gemini-2.5-pro"),
        ),
        ("models/gemini-2.5-pro", ("google",), ("google", "gemini-2.5-pro")),
        ("gemini/gemini-2.5-flash", ANYBODY, ("google", "gemini-2.5-flash")),
        ("vertex_ai/gemini-2.5-flash", ANYBODY, ("google", "gemini-2.5-flash")),
        (
            "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
            ("aws", "anthropic"),
            ("aws", "regional.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ),
        (
            "bedrock/eu-central-1/anthropic.claude-sonnet-4-5-20250929-v1:0",
            ("aws", "anthropic"),
            ("aws", "regional.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ),
        (
            "global.anthropic.claude-sonnet-5-v1:0",
            ("aws",),
            ("aws", "global.anthropic.claude-sonnet-5-v1:0"),
        ),
        (
            "anthropic.claude-3-haiku-20240307-v1:0",
            ("aws",),
            ("aws", "regional.anthropic.claude-3-haiku-20240307-v1:0"),
        ),
        ("openai/gpt-oss-120b", ("groq",), ("groq", "openai/gpt-oss-120b")),
        (
            "google/gemini-2.0-flash-exp:free",
            ("openrouter",),
            ("openrouter", "google/gemini-2.0-flash-exp:free"),
        ),
        ("claude-sonnet-4-5@20250929", ("google", "anthropic"), ("google", "claude-sonnet-4-5")),
    ],
)
def test_prefixes_of_clouds_and_gateways(
    name: str, providers: tuple[str, ...], found: tuple[str, str]
) -> None:
    model = MODELS.find(name, providers).model
    assert model is not None
    assert (model.provider, model.id) == found


def test_a_custom_model_of_bedrock_is_its_base_tuned() -> None:
    match = MODELS.find("custom-model/amazon.nova-lite-v1:0:acme/x", ("aws",))
    assert match.tuned
    assert match.model is not None
    assert match.model.id == "amazon.nova-lite-v1:0"


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
