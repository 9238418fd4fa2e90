"""Who answers in the shape of OpenAI's chat completions, and whose prices hold.

Azure OpenAI, Mistral, Groq, DeepSeek, xAI, OpenRouter, Gemini's compatible mode, Ollama and others answer
in that shape. Their counts differ in small ways (`openai_chat.usage_of` reads all spellings; the total as
a checksum tells the rest: xAI's output leaves the reasoning out, Gemini's hides it in the total); here is
only told who it is, by the host that was asked, by a member that only they have, or by the model's name.
Refuses: to take a host that it does not know for anybody.
"""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cecil.fingerprint.record import Source
from cecil.fingerprint.usage import mapping

Dialect = tuple[Source, tuple[str, ...]]

_OPENAI: Dialect = (Source.OPENAI_CHAT, ("openai", "anthropic"))
"""Anthropic answers in this shape too, at its compatible endpoint, for the same prices."""
_AZURE: Dialect = (Source.AZURE_CHAT, ("azure", "openai"))
_MISTRAL: Dialect = (Source.MISTRAL_CHAT, ("mistral",))
_GROQ: Dialect = (Source.GROQ_CHAT, ("groq",))
_DEEPSEEK: Dialect = (Source.DEEPSEEK_CHAT, ("deepseek",))
_XAI: Dialect = (Source.XAI_CHAT, ("x-ai",))
_OPENROUTER: Dialect = (Source.OPENROUTER_CHAT, ("openrouter",))
_GEMINI: Dialect = (Source.GEMINI_OPENAI, ("google",))
_OLLAMA: Dialect = (Source.OLLAMA_OPENAI, ())
_NOBODY: Dialect = (Source.OPENAI_CHAT, ())

_HOSTS: Mapping[str, Dialect] = {
    "api.openai.com": _OPENAI,
    "api.anthropic.com": (Source.OPENAI_CHAT, ("anthropic",)),
    "openai.azure.com": _AZURE,
    "cognitiveservices.azure.com": _AZURE,
    "services.ai.azure.com": _AZURE,
    "api.mistral.ai": _MISTRAL,
    "codestral.mistral.ai": _MISTRAL,
    "api.groq.com": _GROQ,
    "api.deepseek.com": _DEEPSEEK,
    "api.x.ai": _XAI,
    "openrouter.ai": _OPENROUTER,
    "generativelanguage.googleapis.com": _GEMINI,
    "aiplatform.googleapis.com": _GEMINI,
    "api.cerebras.ai": (Source.OPENAI_CHAT, ("cerebras",)),
    "api.together.xyz": (Source.OPENAI_CHAT, ("together",)),
    "api.fireworks.ai": (Source.OPENAI_CHAT, ("fireworks",)),
    "api.perplexity.ai": (Source.OPENAI_CHAT, ("perplexity",)),
    "api.moonshot.ai": (Source.OPENAI_CHAT, ("moonshotai",)),
    "api.z.ai": (Source.OPENAI_CHAT, ("zai",)),
    "amazonaws.com": (Source.OPENAI_CHAT, ("aws",)),
    "ai.azure.com": _AZURE,
    "localhost": _NOBODY,
}

_BY_MODEL: tuple[tuple[str, Dialect], ...] = (
    ("gpt", _OPENAI),
    ("mistral", _MISTRAL),
    ("ministral", _MISTRAL),
    ("codestral", _MISTRAL),
    ("magistral", _MISTRAL),
    ("devstral", _MISTRAL),
    ("pixtral", _MISTRAL),
    ("open-mi", _MISTRAL),
    ("deepseek-", _DEEPSEEK),
    ("grok-", _XAI),
    ("gemini-", _GEMINI),
    ("models/gemini-", _GEMINI),
    ("google/gemini-", _GEMINI),
)
"""The names by which a provider's own models begin, where the provider is who serves them as a rule."""


def dialect(body: Mapping[str, Any], model: object, uri: str | None) -> Dialect:
    """The source and the price lists of an answer.

    Args:
        body: the answer.
        model: its model, as logged.
        uri: where the request went, if the log has it.
    """
    if uri is not None and (found := of_host(uri)):
        return found
    if "x_groq" in body or "queue_time" in mapping(body.get("usage")):
        return _GROQ
    if "provider" in body and "choices" in body:
        return _OPENROUTER
    if "prompt_filter_results" in body:
        return _AZURE
    fingerprint = body.get("system_fingerprint")
    if type(fingerprint) is str and fingerprint == "fp_ollama":
        return _OLLAMA
    return _of_model(model) if type(model) is str and len(model) < 100 else _OPENAI


@functools.lru_cache(1024)
def of_host(uri: str) -> Dialect | None:
    """Who answers at a host; None for one that is not known. Never an error."""
    try:
        host = urlsplit(uri if "//" in uri[:12] else f"//{uri}").hostname or ""
    except ValueError:
        return None
    while host:
        if host in _HOSTS:
            return _HOSTS[host]
        host = host.partition(".")[2]
    return None


@functools.lru_cache(1024)
def _of_model(model: str) -> Dialect:
    name = model.lower()
    for start, found in _BY_MODEL:
        if name.startswith(start):
            return found
    return _OPENROUTER if name.count("/") == 1 and not name.startswith(("azure/", "openai/")) else _OPENAI
