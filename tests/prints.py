"""Fingerprints for tests of what is made of them."""

from typing import Any

from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.record import Fingerprint, Operation, Source
from cecil.fingerprint.usage import Quality

PLAIN: dict[str, Any] = {
    **dict.fromkeys(Fingerprint.__struct_fields__),
    **dict.fromkeys(
        (
            *("in_fresh", "in_cache_read", "in_cache_write_5m", "in_cache_write_1h", "out_text"),
            *("out_reasoning", "web_searches", "leg"),
        ),
        0,
    ),
    "src": Source.OPENAI_CHAT,
    "tuned": False,
    "op": Operation.CHAT,
    "ok": True,
    "q": Quality.REPORTED,
    "flags": frozenset(),
}
"""A call of which nothing is known."""


def fingerprint(name: str | None = None, **more: Any) -> Fingerprint:
    """A call of which nothing is known but what is given.

    Args:
        name: `provider/model` of the packaged price list.
    """
    if name is not None:
        provider, _, model = name.partition("/")
        more["model"] = PriceList.packaged().models[provider, model]
    return Fingerprint(**(PLAIN | more))
