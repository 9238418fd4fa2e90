"""The network as a spaCy pipeline: the tokenizer and the component that models/en/config.cfg names.

spaCy finds both by the package's entry points, or once this module is imported. The tokens are those of the
network, the entities what `Network.tag` says. Cecil itself asks the network, and needs no spaCy for that."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch, registry

from .network import Network, fold, tokens

if TYPE_CHECKING:
    from pathlib import Path


class Tokenizer:
    """Text to a Doc of the network's tokens. White space beyond single blanks is tokens of its own."""

    def __init__(self, vocab: Any) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Any:
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for token in tokens(fold(text)):
            bare = token.lstrip()
            blank = text[at : at + len(token) - len(bare)]
            if blank[:1] == " " and words and not words[-1].isspace():
                spaces[-1], blank = True, blank[1:]
            for word in (blank, text[at + len(token) - len(bare) : at + len(token)]):
                if word:
                    words.append(word)
                    spaces.append(False)
            at += len(token)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_disk(self, path: "Path", **_: Any) -> None:
        """Nothing: a tokenizer has no state."""

    def from_disk(self, path: "Path", **_: Any) -> "Tokenizer":
        return self

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> "Tokenizer":
        return self


@registry.tokenizers("cecil.names.v1")  # type: ignore[untyped-decorator]
def tokenizer() -> Callable[[Any], Tokenizer]:
    """What [nlp.tokenizer] of the configuration calls."""
    return lambda nlp: Tokenizer(nlp.vocab)


class Names:
    """The component that sets `doc.ents`. Its network is the file beside its folder: `names.bin`."""

    def __init__(self, network: bytes = b"") -> None:
        self._data = network
        self._network = Network(network) if network else None

    def __call__(self, doc: Any) -> Any:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Any], *, batch_size: int = 256) -> Iterator[Any]:
        """The docs of a stream, tagged, `batch_size` in one go.

        Raises ValueError before a network was read."""
        if self._network is None:
            raise ValueError("the pipeline has no network yet: load it with spacy.load")
        for docs in minibatch(stream, batch_size):
            for doc, names in zip(docs, self._network.tag(doc.text for doc in docs), strict=True):
                doc.ents = [doc.char_span(n.start, n.end, n.label, alignment_mode="expand") for n in names]
                yield doc

    def to_disk(self, path: "Path", **_: Any) -> None:
        path.with_suffix(".bin").write_bytes(self._data)

    def from_disk(self, path: "Path", **_: Any) -> "Names":
        self.__init__(path.with_suffix(".bin").read_bytes())  # type: ignore[misc]
        return self

    def to_bytes(self, **_: Any) -> bytes:
        return self._data

    def from_bytes(self, data: bytes, **_: Any) -> "Names":
        self.__init__(data)  # type: ignore[misc]
        return self


@Language.factory("cecil_names", assigns=["doc.ents"], default_config={})  # type: ignore[untyped-decorator]
def component(nlp: Language, name: str) -> Names:
    """What [components.names] of the configuration calls."""
    return Names()
