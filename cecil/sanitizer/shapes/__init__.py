"""Shapes of records that are known: how each is told, and what its documentation says of its fields.

Owns: the table. One row is one shape; rows are added in the file of their kind. Refuses: to judge a value.
A record can have several shapes, and parts of it others: an answer of a model stands in the record of a log.
"""

from collections.abc import Mapping
from typing import Any

from cecil.sanitizer.shapes import lines, llm, logs
from cecil.sanitizer.shapes.base import Rule, Shape
from cecil.sanitizer.shapes.lines import LineShape, of_line

__all__ = ["LINES", "LLM", "SHAPES", "LineShape", "Rule", "Shape", "of", "of_line"]

SHAPES: dict[str, Shape] = {shape.name: shape for shape in (*llm.SHAPES, *logs.SHAPES)}
"""By name. Where rules of several shapes name one place, those of the later one hold."""

LLM = frozenset(shape.name for shape in llm.SHAPES)
"""Those for which the policy `llm` is made."""

LINES: dict[str, LineShape] = {shape.name: shape for shape in lines.SHAPES}

_BY_ANCHOR: dict[str, list[Shape]] = {}
for _shape in SHAPES.values():
    for _anchor in _shape.anchors:
        _BY_ANCHOR.setdefault(_anchor, []).append(_shape)


def of(record: Mapping[str, Any]) -> list[str]:
    """The names of the shapes of an object, each once."""
    anchors = _BY_ANCHOR.keys() & record.keys()
    if not anchors:
        return []
    near = {shape.name: shape for anchor in anchors for shape in _BY_ANCHOR[anchor]}
    return [shape.name for shape in near.values() if shape.fits(record)]
