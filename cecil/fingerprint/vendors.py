"""Gateways' and conventions' names for providers, to those of the price list."""

from collections.abc import Mapping

_OF: Mapping[str, tuple[str, ...]] = {
    "openai": ("openai",),
    "text-completion-openai": ("openai",),
    "azure": ("azure", "openai"),
    "azure_ai": ("azure", "openai"),
    "azure.ai.openai": ("azure", "openai"),
    "azure.ai.inference": ("azure", "openai"),
    "az.ai.openai": ("azure", "openai"),
    "az.ai.inference": ("azure", "openai"),
    "azure_openai": ("azure", "openai"),
    "anthropic": ("anthropic",),
    "claude": ("anthropic",),
    "bedrock": ("aws", "anthropic"),
    "bedrock_converse": ("aws", "anthropic"),
    "aws": ("aws", "anthropic"),
    "aws.bedrock": ("aws", "anthropic"),
    "aws_bedrock": ("aws", "anthropic"),
    "amazon-bedrock": ("aws", "anthropic"),
    "gemini": ("google",),
    "google": ("google", "anthropic"),
    "gcp.gemini": ("google",),
    "gcp.gen_ai": ("google",),
    "gcp.vertex_ai": ("google", "anthropic"),
    "gcp.vertex.agent": ("google",),
    "vertex_ai": ("google", "anthropic"),
    "vertexai": ("google", "anthropic"),
    "google-vertex": ("google", "anthropic"),
    "google-gla": ("google",),
    "mistral": ("mistral",),
    "mistral_ai": ("mistral",),
    "mistralai": ("mistral",),
    "cohere": ("cohere",),
    "cohere_chat": ("cohere",),
    "groq": ("groq",),
    "deepseek": ("deepseek",),
    "xai": ("x-ai",),
    "x_ai": ("x-ai",),
    "x-ai": ("x-ai",),
    "openrouter": ("openrouter",),
    "perplexity": ("perplexity",),
    "together_ai": ("together",),
    "togetherai": ("together",),
    "fireworks_ai": ("fireworks",),
    "fireworks": ("fireworks",),
    "cerebras": ("cerebras",),
    "moonshot": ("moonshotai",),
    "voyage": ("voyageai",),
    "zai": ("zai",),
    "ollama": (),
    "ollama_chat": (),
    "vllm": (),
    "hosted_vllm": (),
}
ANYBODY = ("openai", "anthropic", "google", "mistral", "cohere", "deepseek", "x-ai")
"""For a log that does not say who was asked: the names of these are their own."""


def known(name: str) -> tuple[str, ...] | None:
    """Whose price list holds for a name in lower case; None for one that is not known."""
    return _OF.get(name)


def providers(name: object) -> tuple[str, ...]:
    """Whose price list holds; that of anybody for a name that is not known, or none."""
    if type(name) is not str or not name:
        return ANYBODY
    word = name.lower()
    found = _OF.get(word)
    # `openai.chat`, `anthropic.messages`, `google.vertex.chat`: Vercel's spelling.
    return found if found is not None else _OF.get(word.partition(".")[0], ANYBODY)
