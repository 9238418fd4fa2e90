"""Codes of a few digits that open something: one-time codes, as messages and logs tell them, and PINs.

Owns: the words beside which so few digits are a secret. Refuses: `code` alone, which says that of statuses
and products far more often; and the code of a payment card, which `cards` has.
"""

from cecil.sanitizer.detectors.rules import Rule, Rules

RULES = Rules(
    "access-code",
    Rule(
        "SECRET",
        "(?:G-)?[0-9]{4,8}",
        0.8,
        label="otp|one[ -]?time[ -]?(?:pass)?(?:code|word|pin)"
        "|(?:verification|login|2fa|mfa|sms|pin)[ -]code",
    ),
    # Less sure than a name that a policy gives: `pci` calls it the PIN of a card.
    Rule("SECRET", "[0-9]{4}(?:[0-9]{2})?", 0.7, label="pin"),
    Rule(
        "SECRET",
        "[0-9]{4,8}",
        0.8,
        after=r"(?= is your [A-Za-z0-9' -]{0,40}(?:code|password|passcode|pin|otp)\b)",
        hint="[0-9]{4,8} is your ",
    ),
)
