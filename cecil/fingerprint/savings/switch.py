"""The same calls with another model, whose tokens are of another size.

The factors are tokens of a family for the same text, against OpenAI's o200k encoding: measured on outputs
with the providers' own counts, on small samples (15 to 98 texts a family), so a tenth more or less is part
of the range whenever the families differ.
"""

from cecil.fingerprint.prices import Model, PriceList, Unpriced
from cecil.fingerprint.savings.base import Priced, Saving, Tally

FACTORS = (
    ("claude-opus-4-8", 1.46),
    ("claude-sonnet-4-6", 1.17),
    ("claude", 1.13),
    ("gemini", 1.04),
    ("gpt-5", 1.09),
    ("gpt-4", 1.01),
    ("mistral", 1.06),
    ("llama", 1.03),
    ("nova", 1.01),
    ("deepseek", 1.03),
)
_DOUBT = 0.1
_MAKERS = ("anthropic", "openai", "google", "mistral", "cohere", "deepseek", "x-ai")
"""Who is meant by a model's own name, though clouds and gateways sell it too."""


def factor(model: Model) -> tuple[str, float] | None:
    """A model's family and its factor; None for one that was not measured."""
    name = model.id.rpartition("/")[2].lower()
    return next((entry for entry in FACTORS if entry[0] in name), None)


def cost_with(call: Priced, target: Model) -> tuple[int, int] | None:
    """What a call would have cost with another model.

    Returns:
        Picodollars, lowest and highest: without its reasoning and with as much of it, by the factors of
        the two families; None where the other model has no price for it.
    """
    record = call.record
    assert record.model is not None
    quote = call.prices.quote(record, model=target)
    if isinstance(quote, Unpriced):
        return None
    before, after = factor(record.model), factor(target)
    if before is not None and after is not None and before[0] == after[0]:
        least = most = 1.0
    else:
        ratio = (after[1] if after else 1.0) / (before[1] if before else 1.0)
        least, most = ratio * (1 - _DOUBT), ratio * (1 + _DOUBT)
    costs = []
    for times, reasoning in ((least, 0), (most, record.out_reasoning)):
        tokens = [*call.counts[:5], reasoning]
        scaled = [round(number * times) for number in tokens]
        found = quote.costs((*scaled, *call.counts[6:]))
        if found is None:
            return None
        costs.append(sum(found))
    return costs[0], costs[1]


class Switch:
    """One `--what-if A=B`.

    Args:
        before, after: the models.
    """

    def __init__(self, before: Model, after: Model) -> None:
        self._before, self._after = before, after
        self._tally = Tally()
        self._left_out = 0

    def add(self, call: Priced) -> None:
        if call.record.model is not self._before:
            return
        costs = cost_with(call, self._after)
        if costs is None:
            self._left_out += 1
            return
        self._tally.look(call)
        self._tally.found(call.cost - costs[1], call.cost - costs[0])

    def saving(self) -> Saving:
        names = [f"{model.provider}/{model.id}" for model in (self._before, self._after)]
        return self._tally.saving(
            "model-switch",
            "cost - tokens x tokenizer factor x price of the other model; low: with as much reasoning and a "
            "tenth more tokens; high: without reasoning and with a tenth fewer; no tenth within a family",
            (
                "nothing is said about the quality of the answers",
                "the tokenizer factors are from small samples, and 1 for families that were not measured",
                "the other model can do what was asked: tools, images, the length of the context",
            ),
            {"from": names[0], "to": names[1], "left_out": self._left_out},
        )


def by_name(prices: PriceList, name: str) -> Model | None:
    """The model that a user means: `provider/model`, or the model's own id.

    Returns:
        None where there is none, or where several sell it and none of them made it.
    """
    provider, _, rest = name.partition("/")
    if (provider, rest) in prices.models:
        return prices.models[provider, rest]
    found = {model.provider: model for model in prices.models.values() if model.id == name}
    maker = next((provider for provider in _MAKERS if provider in found), None)
    if maker is None and len(found) != 1:
        return None
    return found[maker] if maker else next(iter(found.values()))
