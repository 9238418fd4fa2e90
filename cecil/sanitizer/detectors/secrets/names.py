r"""Text that names what it holds: `password=hunter2`, `"api_key": "…"`, `acme SECRET 5f4d…`.

Owns: reading names and values out of plain text. What a name promises is said by `cecil.sanitizer.keys`
first; behind it come names that say less, `acme_key`, whose value then has to look generated.
Refuses: values that are templates, code, or stand-ins; see `noise`.
"""

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from cecil.sanitizer import keys, promises
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import cookies, noise, vendors
from cecil.sanitizer.detectors.secrets.table import rows
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

# Possessive: what follows a scheme is the secret, the scheme itself never is.
_SCHEME = (
    r"(?:(?:bearer|basic|digest|token|api-?key|negotiate|splunk|ssws|bot|oauth|geniekey|key|jwt|sharedkey(?:lite)?"
    r"|sharedaccesssignature|aws(?:4-hmac-sha256)?|hawk|hmac|zoho-oauthtoken)[ \t]+)?+"
)

_NAME = r"(?<![A-Za-z0-9_])(?P<name>[A-Za-z_][\w.-]{0,79}+(?:\[\w{0,40}\]?)?+)"

# What stands between a name and its value: `=`, `:`, `:=`, `=>`, `==`, `||`, a comma in a call or a list,
# the next attribute of an XML element, the next key of an object or a YAML list.
# A type may stand before it, `var acmeToken string = "…"`, `acmeToken: String = "…"`.
_TYPED = r"(?:[ \t]{0,2}:)?[ \t]{1,4}(?i:string|str|&str)\??[ \t]{0,4}(?==[ \t]{0,4}\\{0,4}[\"'`])"

# Who may see it, as PHP's dumps say: `[password:protected] => x`, `["token":"App\User":private]=>`.
_VISIBLE = r"(?::(?:\\*\"?[\w\\]{1,80}+\\*\"?:)?(?:protected|private)(?=\]))?"

# What stands before a string: Python's `b'…'`, `N'…'` of SQL.
_LITERAL = r"(?:(?:[bBuUrRNEn]|[rR][bB]|[bB][rR])(?=\\{0,4}[\"']))?"

# What holds it: a type of a secret, what may be there and is, a function of SQL, a list, a string of Erlang.
_WRAPPER = (
    r"(?i:some|just|optional|ok|(?:secret|password|token|api_?key|access_?token|sensitive)(?:str|string|value)?"
    r"|sha[0-9]{0,3}|md5|(?:de|en)?crypt|(?:old_)?password|aes_encrypt|pgp_sym_encrypt)"
)
_MADE = (
    rf"(?:(?:Some|Just|Optional)\()?(?!(?:{_WRAPPER}|string)\()"
    r"(?P<made>(?:new[ ])?[A-Za-z_]\w{0,40}+(?:(?:\.|::)[A-Za-z_]\w{0,40}+){0,3}+)"
    r"\((?:(?=\\{0,4}[\"'])|(?=[0-9])|(?i:value)=(?=[\"'\w]))"
)
"""What makes a value: `mrn: Mrn("…")`, `dob=LocalDate.of(1971, 2, 28)`. See `NameRecognizer._made`."""
_HELD = (
    rf"(?:{_MADE}|(?:(?:{_WRAPPER})?[(\[]\s{{0,40}}){{1,2}}(?=[bBuUrRNE]{{0,2}}\\{{0,4}}[\"'])"
    rf"|{_WRAPPER}\((?i:value|secret)=(?=[\"'\w])"
    r"|(?:Some|Just|Optional)?[(\[](?=\w)"
    r"|\[\]string\{\s{0,40}(?=[\"`])|<<(?=\\*\"))"
)
_HELD_WIDE = r"[\w\[\](<]*[(\[{<]\s*"

_BLOCK = (
    r"(?:[|>][+-]?[0-9]?[ \t]{0,4}\r?\n[ \t]{1,20}|!(?:![\w.-]{1,20}|unsafe|vault|str|Sub|Base64)[ \t]{1,4})?"
)
"""Of YAML: a value on the line below, or with its type before it, or Ansible's tag, or CloudFormation's."""

_OPERATOR = (
    # Behind a name of RADIUS may stand a tag, `Tunnel-Password:0 = …` (RFC 2868, 3.5).
    rf"(?:\\*[\"'`]|\*\*)?{_VISIBLE}[\])]?(?:{_TYPED}|:[0-9]{{1,2}}(?=[ \t]{{1,3}}[:+]?=[ \t]))?[ \t]{{0,12}}"
    # Two colons: base64 follows (RFC 2849).
    r"(?:(?P<op>\?=|::(?=[ ]{1,3}[0-9A-Za-z+/]{4,}+={0,2}+(?!\S))"
    r"|:{1,3}=|=>|[!=.+]=|->|[:=])|(?P<comma>,)|(?P<or>\|\|)"
    r"|(?P<next>(?:,?\s{1,80}|[{(][ \t]{0,3})(?:\\*[\"'])?(?i:value|default)(?:\\*[\"'])?[ \t]{0,3}[:=])"
    r"|(?P<tag>>)\s{0,40}(?:<!\[CDATA\[)?)"
    # Bold in Markdown, as the name is.
    r"(?:\*\*(?=[ \t]))?[ \t]{0,24}(?:\s{1,40}(?=[\"']))?"
    rf"{_BLOCK}{_HELD}?"
    # PHP's var_dump, and gdb: what it points to stands behind a pointer.
    r"(?:\s{0,40}&?string\([0-9]{1,6}\)[ \t](?=[\"'])|0x[0-9a-f]{1,16}[ \t](?=\\*[\"]))?"
)

_VALUE = (
    # A quoted value ends at its own quote; inside of it that may be escaped. A quote that never closes
    # was cut off with the line, and all that is left of it is the value.
    rf"{_LITERAL}(?:(?P<quote>[\"'`])(?i:{_SCHEME})(?P<quoted>(?:\\.|(?!(?P=quote))[^\\\r\n])++)"
    # The same inside of a string that is escaped as a whole: {{\"password\":\"x\"}}
    rf"|(?P<escape>\\+[\"'])(?i:{_SCHEME})(?P<escaped>(?:(?!(?P=escape))[^\r\n])++)"
    # A hash has its method's name before it, in braces; and what a template would hold may be a value.
    rf"|(?i:{_SCHEME})(?P<bare>(?:\{{[A-Za-z][\w.-]{{0,23}}\}})?+[^\s\"'\\,;&|<>(){{}}\[\]]++"
    r"|[<{][0-9A-Za-z!#^*?+~@%=-]{8,64}+[>}]))"
)

# What goes on behind a value in quotes: the next item of a list, or what it was changed to.
_ITEM = late(
    rf"(?P<end>[\"'`])(?:(?P<comma>\s{{0,40}},\s{{0,40}})|[ \t]{{1,3}}(?:->|=>"
    rf"|\u2192)[ \t]{{1,3}}){_LITERAL}(?P=end)"
    r"(?P<value>(?:\\.|(?!(?P=end))[^\\\r\n]){1,4000}+)(?P=end)(?!\s{0,4}[:=])"
)
_LISTED = late(rf"[\[{{]\s{{0,40}}{_LITERAL}[\"'`]\Z")
_LONGEST_OPENING = 48
"""Characters before a value, or a name, in which a bracket opens."""
_MOST_ITEMS = 100

# A word of a shell in which a quote stands behind a backslash, as `set -x` writes it: `'it'\\''s'`.
_SHELL_WORD = late(
    r"(?P<bare>(?=[^\s]{0,200}\\')(?=\$'|[^\s'\"`]|'[^'\s]{0,200}'\\'')"
    r"(?:\$?'(?:[^'\\\r\n]|\\.)*+'|\\'|[^\s'\"\\`;&|<>(){}\[\],$])++)(?![^\s;&|])"
)

_STRICT = late(_NAME + _OPERATOR)
_OTHER_LETTERS = late(r"(?<!\w)(?P<name>(?![\x00-\x7f])[^\W\d][\w.-]{0,79}+)" + _OPERATOR)
"""Names that begin beyond ASCII: `пароль=…`, `您的密码: …`."""
_FULL_WIDTH = str.maketrans({"\uff1a": ":", "\uff1d": "="})
"""What stands behind names in Chinese and Japanese."""
# An element of XML with attributes, `<Password xsi:type="…">`: the groups are those of an operator.
_ELEMENT = late(
    r"<(?:[\w.-]{1,30}:)?(?P<name>[A-Za-z_][\w.-]{0,79}+)\s[^<>]{1,300}+"
    r"(?P<op>(?!))?(?P<comma>(?!))?(?P<made>(?!))?(?P<tag>>)\s{0,40}(?:<!\[CDATA\[)?"
)
_READ = late(_VALUE)
_CONTENT = late(r"(?P<bare>[^<>\s](?:[^<>\]]|\](?!\]>))*+)(?=(?:\]\]>\s{0,40})?</)")
"""Of an element."""

# With one look at the first letter, for speed; two more letters are taken for S and K where case is none.
_FIRST = "[ackpstACKPST\u017f\u212a]"
_KEYWORD = r"(?i:secret|private|access|token|apikey|api[_-]?key|key|pat|password|passwd|code)"

# `acme SECRET 5f4d…`, `acmeSECRETkey-5f4d…`, `acme access key 5f4d…`: a word, blanks or dashes, a value.
_LOOSE = late(
    rf"(?={_FIRST})(?P<name>{_KEYWORD}(?:[ _-]{{0,2}}{_KEYWORD}){{0,3}}(?i:id)?)"
    r"(?P<sep>[ \t]{0,3}(?:[:=][ \t]{0,3}|\s{1,8}|[.-])[\"']?)(?P<value>[^\s\"'<>,;(){}\[\]\\&`]{10,4000}+)"
)

_BEFORE = late(r"[A-Za-z0-9][\w .:=-]{0,40}$|$")

_VENDOR = late(
    r"(?<![A-Za-z0-9_])(?P<name>[A-Za-z0-9]{3,24})[ \t]{1,4}(?P<value>[0-9A-Za-z_.+/=-]{16,4000}+)"
)

# Quoted, without an operator: `password 'x'` in Groovy and Ruby, `the password is "x"` in prose; not what a
# parser did not expect: `Unexpected token "x"`.
_SPOKEN = late(
    rf"(?={_FIRST})"
    r"(?i:(?<!xpected[ ])(?P<name>password|passwd|passphrase|secret|token|api[_ ]?key)"
    r"(?:[ \t]+for[ \t]+(?:the[ \t]+|user[ \t]+){0,2}[\"']?[\w.@-]{1,60}[\"']?){0,2}"
    r"(?:[ \t]{1,4}|[ \t]+(?:is|was|set to|will be|from|to)[ \t:]+))"
    r"(?P<quote>[\"'])(?P<value>[^\"'\r\n]{3,200})(?P=quote)"
)
_CHANGED = late(r"[ \t]{1,4}to[ \t]{1,4}(?P<quote>[\"'])(?P<value>[^\"'\r\n]{3,200})(?P=quote)")

# And without quotes, where it cannot be a word: `with password Qr7!dke#39`, `password for ada is Qr7!dke#39`.
_TOLD = late(
    r"(?<![A-Za-z])(?i:password|passwd|passphrase)[ \t]{1,3}"
    r"(?:for[ \t](?:(?:the|user)[ \t]){0,2}[\w.@-]{1,60}[ \t]{1,3})?+(?:(?:is|was|set|to)[ \t:]{1,3}){0,3}+"
    r"(?P<value>[^\s\"'<>,;(){}\[\]]{6,64}+)"
)
_SIGNS = frozenset("!#$%^&*@?+=~")
_CLASSES = 3

_LONG = 400
"""Characters of a value by which it is judged; what is taken is all of it. In what is turned down more names
may stand, and each is read as far: so the time is linear."""

_FEWEST_DIGITS = 3
"""Of a code: `invalid token: 42` is a place."""

_SCORE = 0.85
_SCORE_LOOSE = 0.65
_SCORE_RANDOM = 0.5

_SECRET = frozenset({"SECRET", "PASSWORD"})

# A value without quotes ends at a blank; a number in groups and a name of several words go on behind it.
_GROUPED = late(r"[A-Za-z]{0,3}[0-9]{0,4}\Z")
_GROUPS = late(r"(?:[ -][0-9]{1,6}(?![\w.:=])){1,7}+(?: [A-Za-z](?!\w))?")
# What generalise leaves of a date and a ZIP code ends there: `birthdate=1958 200 41ms`.
_LEFT = {
    "DATE_OF_BIRTH": late("(?:18|19|20)[0-9]{2}(?![^ ])"),
    "US_ZIP_CODE": late("[0-9]{3}(?![^ ])(?! [0-9]{2}(?![0-9]))"),
}
_CAPITAL = r"[A-Z\u00c0-\u00de\u0386-\u03ab\u0401-\u042f]"  # Latin, Greek, Cyrillic
_NAMES = late(
    rf"(?:'{_CAPITAL}[\w-]{{1,30}}+)?+"  # `O'Hara`
    rf"(?:,{_CAPITAL}[\w'-]{{1,30}}+(?![\w.:=\[(/]))?+"  # `LEE,ANN`
    rf"(?:[ ](?:{_CAPITAL}\.|{_CAPITAL}[\w'-]{{1,30}}+(?![\w.:=\[(/])"
    r"(?![ ](?:names?|of birth|number|no|code|address|date|id)[ ]{0,2}:)"
    r"|(?:van|von|de|der|la|bin|al)(?= [A-Za-z]))){0,4}+"
)

# Around a name and a value in brackets: `(b'cookie', b'…')`, `{:password, "…"}`, `["password", "…"]`.
_OPENING = late(r"(?P<call>\w)?(?P<bracket>[(\[{])[ \t]?(?:(?P<quote>[bBuU]?\\{0,4}[\"'])|:)?\Z")
_CLOSING = late(r"(?:\\{0,4}[\"'`])?(?:>>)?[ \t]?[)\]}]")
# `password:  16 bytes`, as kubectl describes it.
_BYTES = late(r" bytes?(?!\w)")
_OF_A_PATH = late(r"[?#]")
_TO_THE_END = late(r"[^\r\n;\"<>{}\[\]]{1,160}+")

_MEASURED = late(r"[0-9.,/]+[A-Za-z%]{1,5}|[A-Za-z]{1,5}[0-9]")

# A day as it is made, `1971, 2, 28`, and as a string says it.
_DAY = late(
    r"(?P<bare>(?:18|19|20)[0-9]{2}(?:, ?(?:[0-9]{1,2}|(?:[A-Za-z]{1,12}\.)?[A-Za-z]{3,9}), ?[0-9]{1,2}"
    r"|-[0-9]{2}-[0-9]{2})(?![0-9]))"
)
_DAY_SAID = late("[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")

_PLACES = frozenset({"STREET_ADDRESS", "LOCATION"})
_CALLER = "calling-station-id"
"""Of RADIUS (RFC 2865, 5.31): the device of who logs in."""
_PLACE = late(r"[0-9A-Z]|[^\x00-\x7f]")
_MAILBOX = late(r"@|%40", re.IGNORECASE)

# Heads of names that may hold a credential, though `keys` does not promise it by themselves.
_HEADS = frozenset(
    """key keys token tokens pat auth apikey license licence credential secret secrets private password passwd
    pwd pass jwt bearer cookie tokeny seckey""".split()
)

# Heads that do so beside a vendor's name.
_HEADS_OF_VENDORS = _HEADS | frozenset(
    "access login sid session signature salt webhook code pin api product clientid appid crumb".split()
)

# What holds a form's fields in the words of a firewall: `within ARGS:pass: …`.
_WITHIN = late(r"\n[ \t]+\Z")
_ENDS = late(r"[ \t]*(?:\r?\n|\Z)")
_FIELD = late(r"(?i:args(?:_get|_post)?|form|post|get|params?|fields?|body):\Z")
_PROGRAM = late(r"(?:ch|g|sm)?passwd\[[0-9]+\]")
"""`passwd[1122]: …`, as syslog writes what program speaks."""
_MODULE = late(r"pam_\w{1,8}\(\Z")
"""`pam_unix(passwd:chauthtok)`: a service, and what it asked of a module."""
_DATABASES = frozenset("files compat db nis nisplus ldap sss systemd winbind hesiod cache password".split())
"""Where to look persons up, as nsswitch.conf(5) says behind `passwd:`."""
_A_NAME = late(r"[ \t]{1,3}=[ \t]")

# `<Password>`, `<ns2:Password>`
# `createToken = (name, value) => {`: what is named is a function.
_ARROW = late(r"[\w\s,$=:.?{}\[\]|&'\"]{0,200}+\)\s{0,3}(?::[^=\n]{1,60}+)?=>")
_WORD = late(r"[A-Za-z_]+")
# `Secrets: fewer false alarms`
_SENTENCE = late(r"(?: [a-z]{2,20}(?![\w-])){2}")
_PLURAL = late(r"(?i:secrets|credentials|cookies|passwords)")

_OPENED = late(r"<(?:[\w.-]{1,30}:)?\Z")
_LONGEST_PREFIX = 32

# A word, a blank, and a value that looks generated.
_GENERATED = ("secret", "token", "private key", "private_key", "private-key")

# Modifiers under which a key or a token is a name, not a secret.
_HARMLESS = frozenset(
    """foreign primary public bucket schema sequence partition sort cache object row column index lookup
    search map dict hash group field natural business storage keyboard hot short shortcut
    idempotency dedup dedupe routing message event issue issuer job unique composite translation
    i18n locale label order s3 idx file state node cluster kms cmk resource subject registry pub
    host vault monkeys monkey turkey max min total num count prompt completion input output cached
    usage next page continuation tag foreground white black request correlation trace""".split()
)

_IDEMPOTENCY = frozenset(
    {("client", "token"), ("request", "token"), ("idempotency", "token"), ("action", "token")}
)

_LAST_NO = frozenset(
    """url uri urls host hostname region name version path file dir folder type email mail domain endpoint
    port timeout channel size length width height count bool enabled status state date time format
    mode class algorithm alg description text title label message msg level color style link href
    src index field scope scopes role arn zone namespace project image tag branch commit sha sum
    checksum md5 digest hash rev revision event action resource service group team org organization
    policy origin source target method methods""".split()
)


class NameRecognizer:
    """Finds values by the names that stand before them.

    Args:
        vocabulary: names, and what they promise.
    """

    name = "assignment"
    context: tuple[str, ...] = ()

    def __init__(self, vocabulary: keys.Vocabulary = keys.DEFAULT) -> None:
        self.entities = vocabulary.entities
        self._vocabulary = vocabulary
        self._promise = lru_cache(maxsize=8192)(self._promised)
        self._spoken = lru_cache(maxsize=8192)(self._speaks)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What a name, an operator and a value look like, name by name."""
        return _triggers(self._vocabulary)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        done = 0
        for name in _STRICT.finditer(text):
            said = name["name"]
            if name.start() < done or (not self._promise(said)[1] and said[0] != "D"):
                continue  # inside of a value that goes already, or a name that promises nothing
            span = self._assigned(text, name, misses)
            if span:
                found.append(span)
                if span.entity in _SECRET:
                    found += self._further(text, said, span)
                done = found[-1].end
        if not text.isascii():
            plain = text.translate(_FULL_WIDTH)
            others = [one for one in _OTHER_LETTERS.finditer(plain) if self._promise(one["name"])[0]]
            found += filter(None, (self._assigned(plain, one, misses) for one in others))
            found.sort()
        if "</" in text:
            # What is empty promises nothing: `<Password xsi:nil="true"/>`.
            elements = [one for one in _ELEMENT.finditer(text) if text[one.start("tag") - 1] != "/"]
            found += filter(None, (self._assigned(text, one, misses) for one in elements))
            found.sort()
        assigned = [span.start for span in found]
        for match in _LOOSE.finditer(text):
            last = bisect_left(assigned, match.end()) - 1
            if last < 0 or found[last].end <= match.start("value"):
                self._loose(text, match, found, misses)
        for match in _VENDOR.finditer(text):
            if match["name"].lower() in vendors.SURE:
                self._add(match, "SECRET", _SCORE_RANDOM, _told(match["value"]), found, misses)
        for match in _SPOKEN.finditer(text) if '"' in text or "'" in text else ():
            entity = "PASSWORD" if match["name"][0] in "pP" else "SECRET"
            # `Enter passphrase for key '/home/jo/.ssh/id_rsa':`
            why = "a folder" if promises.is_folder(match["value"]) else noise.stand_in(match["value"])
            self._add(match, entity, _SCORE_LOOSE, why, found, misses)
            changed = _CHANGED.match(text, match.end())
            if changed:
                self._add(changed, entity, _SCORE_LOOSE, noise.stand_in(changed["value"]), found, misses)
        # Beyond ASCII other letters are taken for an S.
        told = not text.isascii() or "pass" in text.lower()
        for match in _TOLD.finditer(text) if told else ():
            self._add(match, "PASSWORD", _SCORE_LOOSE, _unspeakable(match["value"]), found, misses)
        return found

    def judge(self, name: str, value: str) -> tuple[str | None, float, str | None]:
        """What a name and a value are together where they do not stand side by side.

        Returns:
            What it would be, None where the name promises nothing; how sure that is; and why it is none.
        """
        entity, possible = self._promise(name)
        if not possible:
            return None, 0, None
        if entity and entity not in _SECRET:
            fits = _fits(entity, value) and self._vocabulary.holds((name,), value)
            return entity, _SCORE, None if fits else "not what its name promises"
        score, why = _judge(name, entity, value[:_LONG], None)
        return entity or "SECRET", score, why

    def _add(
        self,
        match: re.Match[str],
        entity: str,
        score: float,
        why: str | None,
        found: list[Span],
        misses: list[Miss] | None,
    ) -> None:
        start, end = match.span("value")
        if why is None:
            quoted = "quote" in match.re.groupindex
            while not quoted and end - 1 > start and match.string[end - 1] in ".:!?":
                end -= 1
            found.append(Span(start, end, entity, score, self.name))
        elif misses is not None:
            misses.append(Miss(start, end, entity, self.name, why))

    def _assigned(self, text: str, name: re.Match[str], misses: list[Miss] | None) -> Span | None:
        said, before = name["name"], text[max(0, name.start("name") - 12) : name.start("name")]
        if before[-1:] == "-" and said[:1] == "D":
            said = said[1:]  # -Dsonar.login=…, as Java has it
        after = text[name.end("op") : name.end("op") + 1]
        if (before[-1:] == "/" and name["op"] != "=") or (before[-1:] == ":" == name["op"] and after > " "):
            return None  # the end of a path, a part of an ARN
        if name["op"] == ":" and (_PROGRAM.fullmatch(said) or _MODULE.search(before)):
            return None
        if said.lower() == "pass" and _FIELD.search(before):
            said = "password"
        entity, possible = self._promise(said)
        if not possible:
            return None
        judged = len(text) if name["tag"] or name["comma"] else name.end() + _LONG
        value = (_CONTENT if name["tag"] else _READ).match(text, name.end(), judged)
        if name["made"]:
            value = self._made(name["made"], entity, value)
        if name["op"] == "=" and text.find("\\'", name.end(), name.end() + _LONG) >= 0:
            value = _SHELL_WORD.match(text, name.end(), judged) or value
        span = self._valued(text, name, said, entity, value, misses) if value else None
        if span and span.end == judged < len(text):
            whole = _READ.match(text, name.end())
            span = span._replace(end=whole.end(whole.lastgroup or "")) if whole else span
        return span

    def _made(self, by: str, entity: str | None, value: re.Match[str] | None) -> re.Match[str] | None:
        """A value that is made by something of such a name: what calls itself as the value's own name does,
        `Mrn("…")`, or anything that makes a day of a birth. Else it is code: `password = Field("…")`."""
        if value is None or entity is None:
            return None
        if entity != "DATE_OF_BIRTH":
            return value if self._vocabulary.entity(by) == entity else None
        if value.lastgroup == "bare":
            return _DAY.match(value.string, value.start())
        return value if _DAY_SAID.match(value[value.lastgroup or ""]) else None

    def _valued(
        self,
        text: str,
        name: re.Match[str],
        said: str,
        entity: str | None,
        value: re.Match[str],
        misses: list[Miss] | None,
    ) -> Span | None:
        """What a name and its value are together, as far as it was read."""
        kind = value.lastgroup or ""
        start, end = value.span(kind)
        if kind == "bare" and value[kind].isdigit() and _BYTES.match(text, end):
            return None
        if kind == "bare" and said.lower() == "jsessionid" and (query := _OF_A_PATH.search(text, start, end)):
            end = query.start()
        if name["comma"]:
            if not _belongs(text, name.start("name"), value):
                return None
        elif name["op"] is None and (kind == "bare") != (name["tag"] is not None):
            return None  # an attribute and `||` want a quoted value, an element one without quotes
        unquoted = kind == "bare" and not name["tag"]
        day = unquoted and name["made"] is not None and entity == "DATE_OF_BIRTH"
        if said.lower() in keys.TERSE and name["op"] != "=" and (unquoted or noise.terse(said, value[kind])):
            # `PASS: test_1`, `{"pass": "12"}`; but a setting within others, in YAML
            within = said == "pass" and _WITHIN.search(text, 0, name.start("name"))
            if not within or not _ENDS.match(text, end) or _unspeakable(text[start:end]):
                return None
        if name["tag"]:
            opened = _OPENED.search(text, max(0, name.start("name") - _LONGEST_PREFIX), name.start("name"))
            if not opened:
                return None
            end = start + len(value[kind].rstrip())
        if entity and entity not in _SECRET:
            if unquoted and not day:
                rest = _TO_THE_END.match(text, start)
                if rest and promises.complains(rest[0].rstrip(" .!")):
                    return None
                end = _goes_on(entity, text, start, end)
            plain = name["tag"] or name["op"] in ("=", ":", "::", ":=", "=>")
            if not plain or not _fits(entity, text[start:end]):
                return None
            if not self._vocabulary.holds((said,), text[start:end]):
                return None
            if entity == "PHONE_NUMBER" and promises.is_extension(said, text[start:end]):
                return None
            if entity in _PLACES and not _PLACE.search(value[kind]):
                return None  # `when crossing the street: look`
            # Octets of figures alone are no time where nothing else can stand.
            sure = entity == "MAC_ADDRESS" and said.lower() == _CALLER
            return Span(start, end, entity, _SCORE, self.name, sure)
        if start == name.end("op") and value[kind][0] == ":" and not any(map(str.isdigit, value[kind])):
            return None  # what a module or a class holds: `Password::verify`
        if kind == "bare" and name["op"] == ":" and value[kind].isalpha():
            if said == "passwd" and value[kind] in _DATABASES:
                return None
            if _A_NAME.match(text, end):
                return None  # `reason = Invalid password : server = …`
        following = text[end : end + 1] if kind == "bare" else None
        if following is not None and _is_code(text, name, said, value[kind], end):
            return None
        score, why = _judge(said, entity, text[start:end][:_LONG], following)
        if why is None:
            return Span(start, end, entity or "SECRET", score, self.name)
        if misses is not None:
            misses.append(Miss(start, end, entity or "SECRET", self.name, why))
        return None

    def _further(self, text: str, said: str, span: Span) -> Iterator[Span]:
        """What is a secret too behind one in quotes: more items of a list, what it was changed to."""
        start, end = span.start, span.end
        listed = _LISTED.search(text, max(0, start - _LONGEST_OPENING), start) is not None
        for _ in range(_MOST_ITEMS):
            item = _ITEM.match(text, end)
            if item is None or (item["comma"] is not None and not listed):
                return
            start, end = item.span("value")
            score, why = _judge(said, span.entity, item["value"][:_LONG], None)
            if why is None:
                yield Span(start, end, span.entity, score, self.name)

    def _promised(self, name: str) -> tuple[str | None, bool]:
        """What a name promises, and whether what it holds is worth a look."""
        if self._vocabulary.silences(name):
            return None, False
        entity = self._vocabulary.entity(name) or _glued(name) or keys.TERSE.get(name.lower())
        return entity, entity is not None or _may_hold(name)

    def _loose(self, text: str, match: re.Match[str], found: list[Span], misses: list[Miss] | None) -> None:
        at = match.start()
        if text[at - 1 : at] == ":":
            return  # a part of an ARN
        if (
            at
            and text[at - 1].isalpha()
            and text[at - 1].isupper() == text[at].isupper()
            and not _vendor_ends(text, at)
        ):
            return  # the end of some other word
        before = _BEFORE.search(text, max(0, at - 42), at)
        vendor, generated = self._spoken((before[0] if before else "") + match["name"], match["name"])
        value = match["value"]
        if vendor:
            why = noise.stand_in(value) or noise.file(value)
            why = why or (None if any(c.isdigit() for c in value) else _lettered(value))
            self._add(match, "SECRET", _SCORE_LOOSE, why, found, misses)
        elif generated:
            self._add(match, "SECRET", _SCORE_RANDOM, _generated(value), found, misses)

    def _speaks(self, phrase: str, name: str) -> tuple[bool, bool]:
        """Whether words before a value name a vendor, and whether one that looks generated is a secret."""
        words = keys.words(phrase)
        if self._vocabulary.silences("-".join(words)):
            return False, False
        return vendors.named(words[-8:]), name.lower().startswith(_GENERATED) and _HARMLESS.isdisjoint(words)


class ByName(ABC):
    """Finds values that a text names elsewhere than beside them: what its subclasses share.

    Args:
        names: what a name promises, and what fits it.
    """

    name: str
    context: tuple[str, ...] = ()

    def __init__(self, names: NameRecognizer) -> None:
        self._names = names
        self.entities = names.entities

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for name, start, end in self.named(text):
            entity, score, why = self.judge(name, text[start:end])
            if entity and why is None:
                found.append(Span(start, end, entity, score, self.name))
            elif entity and why is not None and misses is not None:
                misses.append(Miss(start, end, entity, self.name, why))
        return found

    @abstractmethod
    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Names, and where the value of each begins and ends."""

    def judge(self, name: str, value: str) -> tuple[str | None, float, str | None]:
        """See `NameRecognizer.judge`."""
        return self._names.judge(name, value)


def _belongs(text: str, at: int, value: re.Match[str]) -> bool:
    """Whether a value behind a comma belongs to the name before it: in a list the one behind need not.

    Args:
        at: where the name begins.
        value: as it was read.
    """
    kind = value.lastgroup or ""
    said, end = value[kind], value.end()
    opening = _OPENING.search(text, max(0, at - _LONGEST_OPENING), at)
    quoted = opening is not None and opening["quote"] is not None
    if opening and opening["bracket"] == "(" and quoted and kind != "bare":
        return True
    paired = opening is not None and not opening["call"] and _CLOSING.match(text, end) is not None
    if kind == "bare":
        # Scala's `(password,x)`, which a call of a function is not.
        return paired and not quoted and not _unspeakable(said) and noise.untold(said) is None
    if paired and noise.untold(said) is None:
        return True
    before, after = text[max(0, at - 2) : at], text[end + 1 : end + 4].lstrip()
    return before[:1] not in (":", "=") and after[:1] not in (":", "=") and _generated(said) is None


def _fits(entity: str, value: str) -> bool:
    """Whether a value can be what its name promises, which is no secret."""
    if noise.stand_in(value.lower(), said=False) or not promises.can_be(entity, value):
        return False
    return entity != "EMAIL_ADDRESS" or _MAILBOX.search(value) is not None  # `mail: sent`


def _goes_on(entity: str, text: str, start: int, end: int) -> int:
    """Where a value without quotes ends, if blanks do not end it: `078 05 1120`, `Mary Ann Smith`."""
    more = None
    if entity in ("PERSON", "LOCATION"):
        more = _NAMES.match(text, end)
    elif promises.is_number(entity) and _GROUPED.match(text, start, end):
        if entity in _LEFT and _LEFT[entity].match(text, start):
            return end
        more = _GROUPS.match(text, end)
    return more.end() if more else end


def _vendor_ends(text: str, at: int) -> bool:
    """Whether a vendor's name ends right there: `acmekey`."""
    word = re.search(r"[A-Za-z0-9]{0,24}$", text[max(0, at - 24) : at])
    return word is not None and vendors.named((word[0].lower(),))


def _is_code(text: str, name: re.Match[str], said: str, value: str, end: int) -> bool:
    """Whether what stands behind a name without quotes is code, or a sentence, by what stands around it.

    Args:
        name: the name and its operator.
        said: the name.
        value: its value, which ends at `end`.
    """
    if not _WORD.fullmatch(value):
        return False
    if name[0].endswith("(") and _ARROW.match(text, end):
        return True
    if _PLURAL.fullmatch(said) and value.islower() and _SENTENCE.match(text, end):
        return True
    if said.lower() == "token" and text.endswith("xpected ", 0, name.start("name")):
        return True  # `Unexpected token: identifier (foo)`
    return said[0] == "_" and name[0].endswith(" = ") and value.islower()


def _glued(name: str) -> str | None:
    """What a name promises whose last words are written as one: `jwtsecret`; and `DB_PASS`."""
    last = keys.words(name)[-1:]
    if not last:
        return None
    if name.endswith("_PASS") or name.lower() == "pass":
        return "PASSWORD"
    return "SECRET" if last[0].endswith(("secret", "apikey", "secretkey", "accesskey")) else None


def _name_of_one(value: str) -> str | None:
    """Whether a value is itself the name of a secret, `api-key`: a reference to where it is kept."""
    if value.endswith(":") and keys.entity(value[:-1]):
        return "a label"
    words = keys.words(value)
    plain = len(words) > 1 and value.replace("_", "").replace("-", "").isalpha()
    return "the name of a secret" if plain and keys.entity(value) in _SECRET else None


def _may_hold(name: str) -> bool:
    """Whether a name may be that of a credential: what it holds decides then."""
    words = tuple(word for word in keys.words(name))
    plain = [word for word in words if not word.isdigit()]
    if not plain or plain[-1] in _LAST_NO:
        return False
    if _alone(name) or (vendors.named(words) and _credential(plain, _HEADS_OF_VENDORS)):
        return True
    return plain[-1] in _HEADS and len(plain) > 1 and _HARMLESS.isdisjoint(plain)


def _alone(name: str) -> bool:
    """Whether a name is no more than a vendor's: one whose keys `table` does not know by their form."""
    return (vendor := name.lower()) in vendors.SURE and vendor not in _known()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(row.id.partition("-")[0] for row in rows())


def _credential(plain: list[str], heads: frozenset[str]) -> bool:
    """Whether words of a name say that it holds a credential, or the id of one."""
    if not heads.isdisjoint(plain) or plain[-1] == "id":
        return True
    return heads is _HEADS_OF_VENDORS and plain[-1].endswith(("key", "token", "secret"))


@lru_cache(maxsize=4096)
def _judge(name: str, entity: str | None, value: str, following: str | None) -> tuple[float, str | None]:
    """How sure a name and a value are together, and why they are no secret."""
    why = noise.stand_in(value)
    if why:
        return 0, why
    if value.lower() in (name.lower(), name.lower().rpartition(".")[2]):
        return 0, "its own name"
    if "=" in value and cookies.is_harmless((name,), value):
        return 0, "it identifies nobody"
    if following and following in "([{" and not value.endswith("="):
        return 0, "code"
    if entity and promises.is_open(value):
        return 0, "an address without a credential"
    if not {"public", "publishable"}.isdisjoint(keys.words(name)):
        return 0, "public by its name"
    if entity and keys.words(name)[-2:] in _IDEMPOTENCY and noise.uuid(value):
        return 0, "a UUID that makes a request unique"
    if name.endswith("_PASS") and value.isdigit() and keys.entity(name) is None:
        return 0, "a count of what passed"
    if name.lower() in ("pass", "pw", "psw"):
        return _SCORE, _no_pass(value)
    if entity == "SECRET" and value.isdigit() and len(value) < _FEWEST_DIGITS:
        return 0, "too few digits"
    if name.lower() in keys.TERSE:
        return _SCORE, noise.terse(name, value)
    if entity == "PASSWORD" and promises.is_folder(value):
        return 0, "a folder"
    if entity:
        return _SCORE, (None if following is None else noise.code(value)) or _name_of_one(value)
    words = keys.words(name)
    plain = [word for word in words if not word.isdigit()]
    vendor = vendors.named(words)
    credential = _credential(plain, _HEADS_OF_VENDORS if vendor else _HEADS)
    if vendor and credential:
        if plain[-1] == "id" and {"client", "app", "access"}.isdisjoint(plain):
            if not vendors.named(words, sure=True):
                return 0, "an id"
            return _SCORE_RANDOM, _generated(value) or ("a UUID" if noise.uuid(value) else None)
        if plain[-1] == "id" and noise.uuid(value):
            return 0, "a UUID"  # of an application in Azure
        if len(value) < 6:
            return 0, "too short"
        return _SCORE_LOOSE, None if any(c.isdigit() for c in value) else _lettered(value)
    if _alone(name):
        return _SCORE_RANDOM, _generated(value)
    if credential and len(value) >= 16:
        return _SCORE_RANDOM, _generated(value) or ((noise.uuid(value) and "a UUID") or None)
    return 0, "nothing says that it is secret"


def _unspeakable(value: str) -> str | None:
    """Why what follows the word password in a sentence is none: it is a word, a path, a version."""
    value = value.rstrip(".:!?")
    classes = (
        any(map(str.islower, value)),
        any(map(str.isupper, value)),
        any(map(str.isdigit, value)),
        not _SIGNS.isdisjoint(value),
    )
    return noise.stand_in(value) if sum(classes) >= _CLASSES else "a word"


def _no_pass(value: str) -> str | None:
    """Why what stands behind `pass=` is none: tests pass too, in numbers and in time."""
    if not any(c.isdigit() for c in value) or not any(c.isalpha() for c in value):
        return "digits or letters alone"
    return "a count or a time" if _MEASURED.fullmatch(value) else None


def _generated(value: str) -> str | None:
    """Why a value does not look generated, under a name that says little."""
    if not any(c.isdigit() for c in value) or not any(c.isalpha() for c in value):
        return "digits or letters alone"
    if "://" in value or value.count("/") > 2 or value.count(".") > 3:
        return "an address or a path"
    return noise.file(value) or noise.random(value)


def _told(value: str) -> str | None:
    """Why a value that follows a vendor's name after a blank is none: a counted-up one may be."""
    why = _generated(value)
    return None if why == "a sequence" else why


def _lettered(value: str) -> str | None:
    """Why a value without digits, under a vendor's name and a word such as key, is a word."""
    if len(value) < 16:
        return "a word"
    return None if noise.sequence(value) or not noise.wordy(value) else "words"


_SHORT = 4
"""Letters of a vendor's name that stands within other words."""


def _triggers(vocabulary: keys.Vocabulary) -> tuple[Trigger, ...]:
    named = (name for name in vocabulary.names() if vocabulary.entity(name) in _SECRET)
    secret = sorted({_spelt(name) for name in named})
    # Wider than what is read, and without bounds: Hyperscan pays for each number that it has to count to.
    tail = r"[\w.-]*(?:\[\w*\])?[\"'`\\\])]*[ \t]*"
    operator = r"(?:[?!.+]?=|:|->|,|\|\||>|[\s{(]+[\"'\\]*(?:value|default)[\"'\\]*[ \t]*[:=])[:=>]*"
    quoted = (
        r"(?:,|\|\||(?:,?\s+|[{(][ \t]*)[\"'\\]*(?:value|default)[\"'\\]*[ \t]*[:=])"
        rf"\s*(?:{_HELD_WIDE})?[a-z]*\\*[\"'`]"
    )
    random = rf"\s*(?:{_HELD_WIDE})?(?:[a-z]{{1,2}}[\"'])?[\"'`\\]*[0-9A-Za-z_+=-]{{10}}"
    heads = "|".join(sorted(_HEADS))
    more = "|".join(sorted(_HEADS_OF_VENDORS - _HEADS | {"id"}))
    keyword = "(?:private|access|key|pat|password|passwd|code)"
    loose = r"(?:id)?[ \t]{0,3}(?:[:=][ \t]{0,3}|\s{1,8}|[.-])[\"']?[^\s\"'<>,;(){}\[\]\\&`]{10}"
    return (
        *(one for one in vocabulary.triggers() if one.regex != keys.OTHER_LETTERS),
        # A name in a text is one word.
        Trigger(
            rf"{keys.OTHER_LETTER}[\w.\x80-\xff-]*[^\w\n\":=\x80-\xff]*{keys.ASSIGNS}",
            beyond=True,
        ),
        Trigger(
            r"(?:password|passwd|passphrase)[ \t]{1,3}(?:for[ \t][^\n]{0,99}[ \t])?"
            r"(?:(?:is|was|set|to)[ \t:]{1,3}){0,3}[^\s]{0,63}[0-9!#$%^&*@?+=~]",
            caseless=True,
        ),
        # Hyperscan takes expressions of a limited length.
        *(Trigger(rf"(?:{some}){tail}(?:{quoted}|->|>\s*[^\s<])", caseless=True) for some in _few(secret)),
        Trigger(f"(?:secret|apikey|secretkey|accesskey){tail}{operator}", caseless=True),
        Trigger("</[A-Za-z]"),
        Trigger(f"_PASS{tail}{operator}"),
        Trigger(r"[a-z]:pass:[ \t]", caseless=True),
        Trigger(
            r"\b(?:pass|pw|psw)[\"'`\\]*[ \t]*(?:[:=]>?|,|>)\s*(?:[\[(])?[a-z]?[\"'`\\]*[^\s\"'`\\0-9]*[0-9]",
            caseless=True,
        ),
        Trigger(r"\bpin[12]?[\"'`\\]*[ \t]*(?:[:=]>?|,|>)\s*[\w\[\](){]*[\"'`\\]*[0-9]{4}", caseless=True),
        Trigger(
            r"\b(?:ki|opc)[\"'`\\]*[ \t]*[:=][ \t]*[\"'`\\]*(?:0x)?[0-9a-f]{32}", caseless=True, shape=True
        ),
        Trigger(
            r"\btokens[\"'`\\]*[ \t]*(?:[:=]>?|,)\s*[\w\[\](){]*\s*[\"'`\\]+[0-9A-Za-z_.~+/=-]{16}",
            caseless=True,
        ),
        Trigger(r"\((?:[a-z_-]*)(?:password|passwd|pwd|secret|token|key),[^\s\"'()]{6}", caseless=True),
        Trigger(r"[ \t]&?str(?:ing)?\??[ \t]*=[ \t]*\\*[\"'`]", caseless=True),
        Trigger(f"[a-z0-9](?:[_.-]|)(?:{heads}){tail}{operator}{random}", caseless=True),
        Trigger(f"(?:secret|token|private[ _-]key){loose}", caseless=True),
        *(
            Trigger(rf"(?:{some})(?i:[\w .:=-]*(?:(?:{more}){tail}{operator}{random}|{keyword}{loose}))")
            for some in _few(sorted(map(_begun, vendors.SURE | vendors.COMMON)))
        ),
        *(
            Trigger(
                rf"\bD?(?:{some})(?:[\"'`\\\])]*[ \t]*{operator}{random}|[ \t]+[0-9A-Za-z_.+/=-]{{16}})",
                caseless=True,
            )
            for some in _few(sorted(vendors.SURE))
        ),
        Trigger(
            r"(?:password|passwd|passphrase|secret|token|api[_ ]?key)"
            r"(?:[ \t]{1,4}|[ \t][^\n]*[ \t:])[\"'][^\"']{3}",
            caseless=True,
        ),
    )


def _begun(vendor: str) -> str:
    """A vendor's name; a short one at the beginning of a word only: `message` is not of `age`."""
    return keys.beginning(vendor) if len(vendor) <= _SHORT else f"(?i:{vendor})"


def _few(names: list[str]) -> Iterator[str]:
    """Alternatives of some names at a time."""
    for at in range(0, len(names), 32):
        yield "|".join(names[at : at + 32])


def _spelt(name: str) -> str:
    """A name of `keys` as it may be written: its words together, or with a mark or a figure between."""
    return r"[^a-z\s]{0,3}".join(name.split("-"))
