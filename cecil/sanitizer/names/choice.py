"""Which model judges: what `--nlp` says, and `Sanitizer(nlp=...)`.

    none            no names are looked for
    en              the model that lies in the package
    NAME|PATH       an installed pipeline of spaCy's, or a folder that holds one
    FILE.yaml       Presidio's configuration of an engine: transformers, stanza, GLiNER, spaCy
    LANGUAGE=...    the same for texts of one language, by two letters: de=de_core_news_sm

Commas stand between several.

What cannot be loaded is an error, and never another model.
"""

import re
from collections.abc import Mapping
from functools import cache

from cecil.errors import UsageError
from cecil.sanitizer.late import late
from cecil.sanitizer.names.engine import EMBEDDED, Names

NONE = "none"

_TAG = late(r"[A-Za-z]{2,3}(?![A-Za-z])")
_LANGUAGE = late(r"([a-z]{2,3})=(.+)", re.DOTALL)


def parse(nlp: str) -> dict[str, str]:
    """Models by language; what is said without a language holds for `en` and for any that is not named.

    Raises:
        UsageError: a language is named twice, or nothing is.
    """
    found: dict[str, str] = {}
    for one in nlp.split(","):
        match = _LANGUAGE.fullmatch(one)
        language, model = match.groups() if match else (EMBEDDED, one)
        if not model or language in found:
            raise UsageError(
                f"two models for {language}" if model else "no model is named",
                hint="none, en, a spaCy pipeline, or FILE.yaml; de=PIPELINE for a language",
            )
        found[language] = model
    return {EMBEDDED: EMBEDDED} | found


def spoken(tag: object, models: Mapping[str, object]) -> str:
    """Which of the models' languages a tag names, as `de-AT` or `de_DE.UTF-8` name `de`; otherwise `en`."""
    match = _TAG.match(tag) if isinstance(tag, str) else None
    language = match[0].lower() if match else EMBEDDED
    return language if language in models else EMBEDDED


def load(models: Mapping[str, str]) -> dict[str, Names | None]:
    """The models, by language.

    Raises:
        UsageError: one cannot be loaded.
    """
    return {language: _loaded(model, language) for language, model in models.items()}


@cache
def _loaded(model: str, language: str) -> Names | None:
    if model == NONE:
        return None
    if model == EMBEDDED:
        try:
            return Names.embedded()
        except (OSError, ValueError) as error:
            raise UsageError(
                f"the embedded model of names cannot be loaded: {type(error).__name__}",
                hint="install cecil again; --nlp none goes without names",
            ) from None
    from cecil.sanitizer.names import foreign

    return foreign.load(model, language)
