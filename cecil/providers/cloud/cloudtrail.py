"""CloudTrail's files: one object whose `Records` is an array of all events, as a text of the array alone.

Owns: recognising such a text, and taking away what stands around the array, in flat memory. Refuses: to
judge the events; `providers.generic.json_text` does.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
"""

import re

from cecil.errors import TruncatedError
from cecil.stream.lines import Source

_HEAD = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*(?=\[)')
_TAIL = b" \t\r\n}"


def is_trail(start: bytes) -> bool:
    """Whether a text that begins so is one of CloudTrail's."""
    return _HEAD.match(start) is not None


class Trail:
    """The array in such a text, as a source of its own.

    Args:
        source: the text.
        name: its name, for messages.
    """

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self._source = source
        self._begun = False
        self._held = b""

    def read(self) -> bytes:
        """The next block; empty at the end.

        Raises:
            TruncatedError: the object around the array is not closed.
            SourceError: what `source.read` raises.
        """
        while True:
            block = self._source.read()
            if not block:
                if not self._begun:
                    return b""
                if not self._held.strip(_TAIL[:-1]).startswith(b"}"):
                    raise TruncatedError("the JSON text ends too early; it was cut short", where=self.name)
                # The last brace closes the object.
                held, self._held, self._begun = self._held.rstrip()[:-1], b"", False
                if held:
                    return held
                return b""
            if not self._begun:
                block = self._held + block
                found = _HEAD.match(block)
                if found is None:
                    self._held = block
                    continue
                self._begun, self._held, block = True, b"", block[found.end() :]
            block = self._held + block
            cut = len(block.rstrip(_TAIL))
            self._held = block[cut:]
            if cut:
                return block[:cut]
