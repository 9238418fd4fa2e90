"""What a payment card holds beside its number: the data of its magnetic stripe, and its security code.

Nobody may store them once a payment is authorized (PCI DSS 4.0, requirement 3.3), so that they have names of
their own, which a policy can drop.

Owns: tracks 1 and 2 as ISO/IEC 7813 lays them out, and track 2 as a chip gives it (EMV tag 57); security
codes behind a word that says so. Refuses: the number by itself, which is CREDIT_CARD's.
"""

import re

from cecil.sanitizer.detectors import Recognizer, Trigger, checksums
from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_NUMBER = "[2-6][0-9]{3} ?[0-9]{4,6} ?[0-9]{3,5}(?: ?[0-9]{1,4}){0,2}"
_REST = r"(?:\^[0-9A-Z^=./*-]{0,70}(?: [0-9]{1,40}){0,3}\??)?"


_ROW = "[2-6][0-9]{12,18}[|:;,](?:0[1-9]|1[0-2])[|:;,/]?(?:20)?[0-9]{2}[|:;,]"
_CARDS_ROW = late(
    rf"(?<!\w)(?={_ROW})(?P<card>[0-9]{{13,19}})[|:;,][0-9]{{2}}[|:;,/]?(?:20)?[0-9]{{2}}[|:;,]"
    r"(?P<code>[0-9]{3,4})(?!\w)",
    re.ASCII,
)


def _track(value: str) -> bool:
    """Whether track data begins with a card's number, behind which the card's last month stands."""
    number, _, rest = value.lstrip("%;Bb").replace("=", "D").partition("D")
    return checksums.card(number) and 1 <= int(rest[2:4]) <= 12


def _first(value: str) -> bool:
    """The same for track 1, in which the name stands between the two."""
    return checksums.card(value.lstrip("%Bb").partition("^")[0])


class Beside:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the security code in a row of a card's
    fields: `4111111111111111|09|27|482`, `4111111111111111:0927:482`."""

    name = "card-row"
    entities = frozenset({"CARD_SECURITY_CODE"})
    context: tuple[str, ...] = ()
    triggers = (Trigger(rf"\b{_ROW}[0-9]{{3,4}}\b", shape=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = []
        for row in _CARDS_ROW.finditer(text):
            if checksums.card(row["card"]):
                found.append(Span(*row.span("code"), "CARD_SECURITY_CODE", 0.9, self.name, True))
            elif misses is not None:
                misses.append(Miss(*row.span("code"), "CARD_SECURITY_CODE", self.name, "no card before it"))
        return found


_RULES: tuple[Recognizer, ...] = (
    Beside(),
    Rules(
        "card-track",
        Rule(
            "CARD_TRACK",
            rf"%?B{_NUMBER}\^[A-Z0-9 /.,'()&*-]{{0,40}}{_REST}",
            1.0,
            check=_first,
            sure=True,
            before=r"(?<![A-Za-z0-9])",
            after="",
            hint=r"(?:\b|_)B[2-6][0-9]{3} ?[0-9]{4,6} ?[0-9]{3,5}(?: ?[0-9]{1,4}){0,2}\^",
        ),
        Rule(
            "CARD_TRACK",
            ";?[2-6][0-9]{11,18}=[0-9]{7,24}[?]?",
            1.0,
            check=_track,
            sure=True,
            before=r"(?<![A-Za-z0-9])",
            after=r"(?![0-9])",
            hint=r"(?:\b|_)[2-6][0-9]{11,18}=[0-9]{7}",
        ),
        Rule(
            "CARD_TRACK",
            "[2-6][0-9]{11,18}D[0-9]{7,24}F?",
            1.0,
            check=_track,
            sure=True,
            cased=True,
            after=r"(?!\w)",
            hint=r"\b[2-6][0-9]{11,18}D[0-9]{7}",
        ),
        context=("track", "magstripe", "swipe"),
    ),
    Rules(
        "pin-block",
        # Field 52 of ISO 8583, as it is called in logs and in jPOS's.
        Rule(
            "SECRET",
            "[0-9A-F]{16}",
            0.8,
            label="DE[_-]?0?52|F052|(?:field|Field)[ _-]id=(?:\\\\?[\"'])0?52(?:\\\\?[\"'] value)",
            apart=r"(?<![0-9A-Za-z:.-])",  # no digits of an address
            check=lambda value: len(set(value)) > 4,
            why="one character repeated",
        ),
    ),
    Rules(
        "card-code",
        Rule(
            "CARD_SECURITY_CODE",
            "[0-9]{3,4}",
            0.8,
            label="cvv2?|cvc2?|cvn2?|cav2|card[ _-]?(?:verification|security)[ _-]?(?:code|value|number)"
            "|card[ _-]?code|kartenprüfnummer|prüfziffer|cryptogramme"
            "|exp[a-z]{0,9}[ .:]{0,2}[0-9]{1,2}[/ -][0-9]{2,4}[,; ]{1,3}security code"
            "|(?:security code|csc)(?: is| ?[:=#])"
            "|(?:3|three|4|four)[ -]?digits?(?: code| number)? (?:on|from) the (?:back|front)",
        ),
        # What American Express calls so, and others a channel, or a customer.
        Rule(
            "CARD_SECURITY_CODE",
            "[0-9]{4}",
            0.8,
            label="cid",
            after=r"(?=[^0-9\n]{1,24}(?:amex|american express))",
        ),
        Rule(
            "CARD_SECURITY_CODE", "[0-9]{4}", 0.8, label="(?:amex|american express)[^\\n]{1,60}[^A-Za-z]cid"
        ),
        context=("cvv", "cvc", "card"),
    ),
)


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """All of this module's; none of them depends on a country that is named."""
    return _RULES
