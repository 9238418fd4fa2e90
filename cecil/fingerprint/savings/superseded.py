"""Models whose provider names another one in their place.

Successors are those that the providers' own pages of deprecations recommend, as of 2026-10
(developers.openai.com/api/docs/deprecations, platform.claude.com model deprecations).
"""

from collections import defaultdict

from cecil.fingerprint.prices import Model
from cecil.fingerprint.savings.base import Priced, Saving, Tally
from cecil.fingerprint.savings.switch import cost_with

SUCCESSORS = {
    ("openai", "gpt-3.5-turbo"): "gpt-5.6-terra",
    ("openai", "gpt-4"): "gpt-5.6-sol",
    ("openai", "gpt-4-turbo"): "gpt-5.6-sol",
    ("openai", "o1"): "gpt-5.6-sol",
    ("openai", "o3-mini"): "gpt-5.6-sol",
    ("openai", "o4-mini"): "gpt-5.6-terra",
    ("openai", "gpt-4o"): "gpt-6-luna",
    ("openai", "gpt-4o-mini"): "gpt-6-luna",
    ("openai", "gpt-4.1"): "gpt-6-luna",
    ("openai", "gpt-4.1-mini"): "gpt-6-luna",
    ("openai", "gpt-4.1-nano"): "gpt-5.6-luna",
    ("openai", "gpt-5"): "gpt-6.1-sol",
    ("openai", "gpt-5-mini"): "gpt-6.1-terra",
    ("anthropic", "claude-3-haiku"): "claude-haiku-4-5",
    ("anthropic", "claude-sonnet-4-0"): "claude-sonnet-4-6",
    ("anthropic", "claude-opus-4-0"): "claude-opus-4-8",
    ("anthropic", "claude-opus-4-1"): "claude-opus-4-8",
}


class Superseded:
    def __init__(self) -> None:
        self._tally = Tally()
        self._models: defaultdict[Model, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, call: Priced) -> None:
        model = call.record.model
        if model is None or (successor := SUCCESSORS.get((model.provider, model.id))) is None:
            return
        target = call.prices.models.get((model.provider, successor))
        costs = target and cost_with(call, target)
        if not costs:
            return
        self._tally.look(call)
        sums = self._models[model]
        sums[0] += 1
        sums[1] += call.cost - costs[1]
        sums[2] += call.cost - costs[0]

    def saving(self) -> Saving:
        tally = self._tally
        cheaper = {model: sums for model, sums in self._models.items() if sums[2] > 0}
        tally.calls = sum(sums[0] for sums in cheaper.values())
        tally.low = sum(max(sums[1], 0) for sums in cheaper.values())
        tally.high = sum(sums[2] for sums in cheaper.values())
        return tally.saving(
            "superseded-models",
            "as model-switch, from models that their provider has superseded to the one it recommends; "
            "those whose successor costs more are left out",
            (
                "nothing is said about the quality of the answers",
                "the successors are those of the providers' pages of deprecations as of 2026-10",
            ),
            {
                "models": ", ".join(sorted(f"{m.id} -> {SUCCESSORS[m.provider, m.id]}" for m in cheaper)),
                "models_whose_successor_costs_more": len(self._models) - len(cheaper),
            },
        )
