"""What somebody agrees to who lets roll-ups be sent: the text, and the digest that a consent names.

Owns: the numbers that the rules of anonymity stand on, and the words of the consent. The words are made of
the numbers, so that a changed rule is a changed text, has another digest, and asks again.
"""

import hashlib

MIN_USERS = 5
"""Users that a sum is of, at least."""
MIN_CALLS = 10
"""Calls that a sum is of, at least."""
MAX_SHARE = 80
"""Percent of the calls or the tokens of a sum that one user may have, at most."""
SETTLED_HOURS = 2
"""Hours after the end of a day (UTC) when it counts as over: logs come late."""
ROLLUP_VERSION = 1

TEXT = f"""\
What is sent: sums over whole days (UTC), one batch a day, {SETTLED_HOURS} hours after its end or later, once.
  - The day; the provider, model, tier and kind of call (chat, embedding, ...), by names of Cecil's
    own price list; a model that the list does not have is sent as "other".
  - How many calls and tokens: fresh input, cache reads and writes, output, reasoning, web searches;
    of how many users, in classes (5, 10, 20, 50, 100, 500 or more).
  - How many of the calls failed, met a rate limit, were streamed, cut off by length, repeats, retries
    or had no reported counts; and how many tokens a prompt cache could have read.
  - The version of Cecil, of its fingerprints and of this format; the date of the price list; the
    digest of this text; the digests of the redaction policies that the records went through, where
    the stream names them.
What a sum must be: of at least {MIN_USERS} users and {MIN_CALLS} calls, with no user of more than {MAX_SHARE}
  percent of its calls or tokens. Smaller ones are added up with their like, or are not sent. Calls
  whose user is not known count for no user.
What is never sent: text of calls; names or hashes of users, sessions, keys, accounts or hosts; names
  of files; single calls; hours; anything of a day that is not over, or more of a day that was sent.
What the receiver sees all the same: the network address that the request comes from, and the token of
  your --token-file, if you give one. Sums are meant to be anonymous; who knows much else may still
  learn something from them.
You can see the exact bytes first (cecil-fingerprint upload --dry-run). Every batch that was sent is kept
  on this machine. You can end this at any time (cecil-fingerprint consent --revoke); what was sent
  cannot be recalled.
"""

DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
"""Names the text in a consent and in every batch."""
