"""What stands around a name and speaks for it or against it.

    weighed(segment, marks)     names with the scores that they have in place, and those behind a title
    whole(segment, marks)       names whose parts a model saw
    spelled(text)               names that an address of e-mail in the same text spells
    told_again(record, names)   which names that keys tell stand in other texts of the record, see Sought
    known_in(text, Known(…))    where names that are certain stand in a text
    together(marks, more)       both, without overlaps

For a name: a title, a salutation, Windows' folder of users or a domain of its accounts before it, an address
that is spelled as it is, its being known from a key of the same record; each also finds a name that the model
did not. Against it: that it is a part of an identifier, of a path of names or of a call, as only code has
them, or software. What a legal form follows is a company.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from cecil.sanitizer import keys
from cecil.sanitizer.late import late
from cecil.sanitizer.names import nobody, remedies
from cecil.sanitizer.names.labels import LOCATION, ORGANIZATION, PERSON

TITLED = 0.9
"""The score of a name behind a title or a salutation, and of one that an address spells."""

CERTAIN = 0.95
"""The score of a name that is known from the same record."""

_SHORTEST = 3
"""Characters of a name that is looked for in a record."""

_LESS = 0.6
"""What code takes off."""

_ORDINARY = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday spring summer autumn fall winter
    a an and are as at be been but by can do does for from had has have he her his how i if in into is it its
    just like more new no not now of off old on one only or our out over said see she so some such than that
    the their them then there these they this those to too two under up us was we were what when where which
    while who whose why will with would yes you your
    access account action active admin administrator agent alert all anonymous answer any app application
    approved archive assistant auth backup bank bill block book bot branch build bulk call card cart case
    change chase check city class client close code comment company config contact content cook copy count
    country create current customer data database date day default delete demo deny department desk detail
    device direct document domain done drive driver duplicate east edit email employee empty enter entry
    error event example export external failed failure field file filter final first flag folder form free
    front full function general get global go good grant group guest guide hand head health hello help high
    history hold home host house image import inc index info input internal invalid invoice issue item job
    join key king label last late launch lead level limited line link list live local lock log login long
    low ltd machine main manager mark master match max media member memo message method middle min missing
    mobile mode model module most move my name net network next node none normal north note null object offer
    office ok open operation operator option order organization other owner page pages parent park part
    partner party pass password path pay payment pending person phone pick place plan platform play plus
    point policy pool port post power preview price primary print private process product profile project
    public push query queue quick random range rate raw read ready reason record region register release
    remote remove replace reply report request reset response result retry return review right role room root
    route rule run safe sale sales sample save school search second secret section secure security select
    self send sender server service session set setting shadow shop short show sign single site size small
    smart sort source south staff stage standard star start state status step stock stop store street string
    studio success support sync system table tag target task team temp template temporary tenant test tester
    testing text thread ticket time title token tool top total track trade train transfer tree trial trigger
    true type undefined unit unknown update upload url use user users valid value version video view visit
    wait warning watch way web week west white window work worker world write wrong year zone""".split()
)
"""Words of messages, with which many of them begin, and names too: one of them stands for somebody where it
is beside another part of the name, or where the model says so."""
_MOST_PARTS = 16
"""Parts of names that are looked for beside each other."""
_FEW = 8
"""Names, up to which one expression for each is faster than what reads all words of a text."""
_ALNUM = late(r"[^\W_]++")
_TURKISH = str.maketrans("İı", "ii")


class Mark(NamedTuple):
    """A name in a text: characters, half-open; what it is, and how sure that is, above 0 to 1."""

    start: int
    end: int
    label: str
    score: float


_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*+(?:(?!['’]s\b)['’-][^\W\d_]++)*+"
_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ibn|ben|ter|ten|zu|st\.?)"
_NAME = rf"{_CAPITAL}(?:\.?[ ](?:{_PARTICLE}[ ]){{0,2}}{_CAPITAL}){{0,3}}"
_TITLE = (
    r"Mrs?|Ms|Mx|Dr|Prof|Professor|Doctor|Sir|Lady|Dame|Frau|Herr|Se[ñn]or(?:a|ita)?|Sra?|Monsieur"
    r"|Madame|Mme|Mlle|Nurse|Rabbi|Sister|Father|Uncle|Aunt|Sgt|Capt|Lt|Col|Hon|Rev"
)
_SALUTATION = "Dear|Hi|Hello|Hey|Hallo|Liebe|Lieber|Bonjour|Hola"
_TITLES = late(rf"\b(?:{_TITLE})\.?[ ]+(?:(?:Dr|Prof|med|Gen|Col|Cmdr)\.?[ ]+)*+({_NAME})")
_PLAIN_TITLE = r"(?:Mrs?|Ms|Mx|Miss|Dr|Prof|Herr|Frau)"
_BARE = late(rf"(?:{_PLAIN_TITLE}|Sir)\.?")
"""Titles, which are no names by themselves."""
_CALLED = re.compile(rf"{_PLAIN_TITLE}\b\.?[ ]+(?=\w)").match
"""Those of them that are no part of the name behind them."""

_SALUTATIONS = late(
    rf"\b(?:{_SALUTATION})[ ]+(?!(?:M[rsx]s?|Dr|Prof|Sir|Madam)\b)({_NAME})(?=[ ]*(?:[,!:\n]|\Z))"
)
_ADDRESSED = re.compile(rf"(?:{_TITLE}|{_SALUTATION})\.?[ ]").search
"""Whether there can be any: without the boundary before, only first letters are looked for, which is fast."""
_LOGIN = r"[^\W\d_]{1,30}(?:-[^\W\d_]{2,30})?\.[^\W\d_]{2,30}(?:-[^\W\d_]{2,30})?"
"""`ann.lee`, `A.Lee`."""
_FOLDERS = late(
    rf"\\Users\\{{1,4}}({_CAPITAL}(?:[ ]{_CAPITAL}){{1,2}}|{_LOGIN})(?=(?:\.[A-Z][A-Z0-9-]{{1,14}})?\\)"
)
"""Windows names a folder as its user is called, or as the account, and the domain behind it."""
_ACCOUNTS = late(rf">[A-Z][A-Z0-9-]{{1,14}}\\({_LOGIN})(?=<)")
"""`<User>CORP\\ann.lee</User>`: all that an element holds, and so no path."""
_LABELLED = late(
    r"\b(?i:account|user|log[io]n|caller|owner|member)(?i:[ _-]?(?:name|id))?[\"']?\s{0,3}[:=]\s{0,3}"
    rf"[\"']?[A-Z][A-Za-z0-9-]{{1,14}}\\{{1,2}}({_LOGIN})(?![\w\\.-])"
)
"""`Account Name: CORP\\ann.lee`."""
_FILES = frozenset(
    """exe dll sys txt log ini cfg conf config xml json yml yaml js jsx ts cs vb py rb php java jar class bat
    cmd ps msi tmp dat db csv doc docx xls xlsx ppt pptx pdf zip gz tar html htm aspx asp png jpg jpeg gif ico
    svg lnk reg inf bak old utils core common api web app data test tests""".split()
)
"""What a file's name ends with, and a name of code."""
_NOBODY = frozenset(
    """all everyone everybody team sir madam sirs friend friends customer customers colleague colleagues
    support there world folks guys user users admin member members reader readers mom dad god lord santa
    default public president minister secretary director chairman chair who strange no house
    administrator temp system service svc guest hiring valued recruiter recruiters shareholder shareholders
    subscriber subscribers client clients applicant neighbour neighbor
    doctor doctors doc docs dr dear mam maam ma'am patient patients editor editors professor teacher teachers
    mum mommy mummy daddy grandma grandpa granny babe honey darling sweetie ladies gentlemen girls boys
    students parents christmas nurse nurses practitioner manager supervisor coordinator specialist engineer
    developer consultant executive associate vice office appointment line hotline company google
    siri twitter facebook amazon reddit diary""".split()
)
COMMON = _ORDINARY | _NOBODY
"""Words that are no name by themselves."""
_MAIL = late(r"(?<![\w.+-])([^\W\d_][\w.+-]{2,63})@[\w-]+\.[\w.-]+")
_NEAR = 80
"""Characters between an address and the name that it spells."""
_PARTS = late(r"[^\W\d_]{2,}")
_WORD = late(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_FORM = (
    r"(?:(?:GmbH[ ])?&[ ]Co\b\.?(?:[ ](?:KG|Ltd|Inc)\b\.?)?|(?i:Inc|Ltd|LLC|LLP|GmbH|plc|Corp)\b\.?"
    r"|(?:AG|SpA|KGaA|Oyj|ApS|SARL|Limited|Incorporated|Corporation)\b|(?:S\.A|S\.p\.A|S\.r\.l|B\.V|N\.V)\.)"
)
"""Forms of companies, without those that stand behind persons and places too: Co, SA, SE, AB."""
_FORM_AFTER = late(rf",?[ ]{_FORM}")
_FORM_IN = late(rf"\w.*[ ]{_FORM}\Z", re.DOTALL)

_MACHINES = (
    r"(?:builds?|jobs?|pipelines?|nodes?|agents?|servers?|daemon|plugins?|cluster|broker|consumers?|producers?"
    r"|topics?|workers?|queues?|connector|module|manifest|assistant|skill|tests?|playbook"
    r"|(?!Ma?c)[A-Z][a-z]+[A-Z]\w*)\b"
)
_RUNS = (
    r"(?:(?:re)?start(?:ed|ing|s)|stopp(?:ed|ing)|failed|crashed|timed out|exited|listening"
    r"|is (?:down|up|running))\b"
)
_SOFTWARE = late(
    rf"(?i:tomcat|nagios|celery|selenium|cortana)(?=[ ](?:{_MACHINES}|{_RUNS}))"
    rf"|(?i:jenkins|hudson|jackson|jersey|cassandra|kafka|watson|alexa|siri)(?=[ ]{_MACHINES})"
    r"|(?i:(?:nic[ ])?link(?=[ ]is (?:up|down|(?:not )?ready)\b))"
    # As a pipeline ends; a person's sentence goes on: `Job succeeded in closing it`.
    r"|Job(?=[ ]succeeded(?:[.:]|\s*\Z))"
    r"|Dev(?=[ ][0-9])"
)
"""Software that is called as persons are, before a word that is said of machines, and not of persons; the
link of a network, as Linux says of it; and a device by its number."""
_AGENT = late(r"Mozilla/[0-9.]+[ ]\([^()\n]*\Z")
"""A browser, up to what it says of itself in brackets, which is nobody: `Mozilla/5.0 (Android; Mobile; …`."""
_HOUSES = frozenset(
    (
        "wells fargo|merrill lynch|morgan stanley|goldman sachs|lehman brothers|bear stearns|fannie mae"
        "|freddie mac|jp morgan|j.p. morgan|jp morgan chase|johns hopkins|rolls-royce|rolls royce|booz allen"
        "|mercedes-benz|harley-davidson|hewlett-packard|arthur andersen|procter & gamble|ernst & young"
        "|northrop grumman|eli lilly|dow jones|hang seng|der spiegel"
    ).split("|")
)
"""Companies that are called as persons are, and nobody else is."""
_FIRMS = late(
    r"\b(?:Johnson & Johnson|Smith & (?:Wesson|Nephew)|Black & Decker|Bang & Olufsen|Dolce & Gabbana"
    r"|Abercrombie & Fitch|Marks & Spencer|Ben & Jerry['’]s|Ernst & Young|Procter & Gamble|Barnes & Noble"
    r"|Tate & Lyle|Bausch & Lomb|Simon & Schuster|Pratt & Whitney|Briggs & Stratton|Crabtree & Evelyn"
    r"|Holland & Barrett|Fortnum & Mason|Dun & Bradstreet|Church & Dwight|Standard & Poor['’]s"
    r"|Baker & McKenzie|Becton & Dickinson|Harper & Row|Deloitte & Touche|Booz & Company)(?!\w)"
)
"""The same of those that two are partners of, whom a model takes for two persons."""
_AIRPORT = late(r" (?:[Ii]nternational )?(?:[Aa]irport|[Ss]tadium)\b")

_GLUED_BEFORE = late(r"[\w][.$\\:/-]\Z|[_$\\.~]\Z|::\Z|->\Z|@\Z")
_GLUED_AFTER = late(r"[_$\\]|[0-9]++[.-][0-9]|[.:/-][A-Za-z0-9_]|::|\(\)|\([\w\"']*\)|->|=[^=\s]|/[0-9]")
_OPTION = re.compile(r"(?<![^\s\"'=,(])-[A-Z][A-Za-z0-9_.-]{1,100}+=").match
"""`-Dsonar.host.url=…`, as Java, Maven and Gradle have it."""
_THREAD = re.compile(r"[0-9]\[").fullmatch
"""`12[IKE] sending`."""
_GLUE_BEFORE, _GLUE_AFTER = frozenset(".$\\:/-_~>@"), frozenset("_$\\.:/-(=0123456789")
"""What the first ends with, and the second begins with."""
_OF_A_KEY = re.compile(r"(?:_[\w.]{1,40}+)?+=").match
"""What follows a word that a key begins with."""
# Looked for by the capital, which is fast.
_CAMEL = late(r"[A-Z](?<=[a-z].)(?<!\bMc.)(?<!\bMac.)(?<!\bDe.)(?<!\bLa.)(?<!\bLe.)(?<!\bFitz.)", re.DOTALL)
_HASH = late(r"(?<![\w&#])#\Z")
"""The sign of a hashtag. People who label count it to the name: in the texts for training four times in five
to a place's, three in four to a person's, two in three to an organisation's."""
_TAGS = late(r"(?<![\w&#])#(\w++)")
HUMPS = late(
    r"(?<=[a-z\u00df-\u00f6\u00f8-\u00ff])(?<!Mc)(?=[A-Z\u00c0-\u00d6\u00d8-\u00de])|(?<=[A-Z])(?=[A-Z][a-z])"
)
"""Where one word of `#ThankYouObama` ends and another begins."""
_TAGGED = 0.9
"""The score from which on who stands among the words of a hashtag is somebody: what is less are words that
begin with capitals for being there."""
_LABELS = frozenset(
    """ward county state country region district sex gender age date room bed unit title role position company
    department dept status occupation nationality religion phone mobile telephone fax address id no number
    allergies allergy diagnosis admitted discharged doctor nurse physician consultant gp language""".split()
)
"""Words that stand before a colon in a form, beside what keys are called."""
_LABEL_GOES_ON = late(r" (?:names?|of birth|number|no|code|address|date|id)[ ]{0,2}:")
_BEHIND = late(r"(?: (?:by|from|via|on|with|for|to|at|as|was|is|has))++\Z")
"""What no name ends with."""

_BETWEEN_RANK = late(r"[.'’]? (?:(?:Gen|Col|Cmdr|Insp|Supt)\.? )?")
"""Between a rank and a name, as in `Maj. Gen. Stone`."""
_APART = late(rf"{_CAPITAL}(?: {_CAPITAL})*+")
_INITIALS_BEFORE = late(
    r"(?:\A|[,:;(\[]\s?|\b(?:by|with|to|from|and|for|told|cc|asked|saw|[Uu]ser|Dr|Mrs?|Ms)\.? )"
    r"((?:[B-HJ-Z] |[A-Z]\. ){1,2})\Z"
)
"""Initials before a name: `J R Stone`, `J. Stone`; no article, and not `vitamin D`."""
_NEAR_INITIALS = 12
_GIVEN = late(
    rf"(, {_CAPITAL}(?: [A-Z]\b\.?)?)"
    r"(?=[ ,(]+(?:[0-9]+ ?(?:y/?o|yo|yrs?|years?|[MF])\b|[MF](?=[,)]|\s*\Z)|DOB|D\.O\.B|MRN"
    rf"|{nobody.LICENCE})(?!\w))"
)
_FAMILY = late(rf"(?i:{_PARTICLE} ){{1,3}}{_CAPITAL}")
"""`van der Meer`: what has a blank and is no given name with another."""
_FORM_ASKS = late(
    r"\b(?:[Pp]atient|[Pp]t|[Aa]ttending|[Rr]esident|[Pp]rovider|[Pp]hysician|[Ss]urgeon|[Nn]urse|[Cc]onsultant"
    r"|Dr\.?|PATIENT)(?: [Nn]ame| NAME)?:? \Z"
)
"""Before two names with a comma between, which are one's then."""
_NEAR_FORM = 20
_MENTIONED = late(r"(?:\A|(?<=[\s(,]))@")
_SURE = 0.9
"""The score from which on a word behind `@` is somebody, and no account or annotation."""
_NICKNAME = late(rf"{_CAPITAL} ([\"“‘(][A-Z][a-z][^\W\d_]*[\"”’)]) {_CAPITAL}")
_QUOTES = late(r" [\"“‘(][A-Z]")

_FULL_NAME = late(rf"{_CAPITAL}(?: {_CAPITAL}){{1,3}}")
_CREDITED = late(r"/[A-Z][A-Za-z]+(?![\w/.:\\-])")
"""`Photo: Ada Stone/Press`"""

_CODE = late(r"[0-9_<>{}|\\=;@#$%^*~]|\(\)|::|->")


def weighed(segment: str, marks: Iterable[Mark]) -> Sequence[Mark]:
    """Names with the scores that they have in a segment, and those that stand behind titles; in order.

    Args:
        segment: where they stand, as the model saw it.
        marks: what the model found, in order, disjoint.
    """
    found = [one for mark in _companies(segment, marks) if (one := _in_place(segment, mark)) is not None]
    if found:
        found = _persons(segment, found)
    more = _titled(segment)
    return together(found, more) if more else found


def whole(text: str, marks: Sequence[Mark]) -> Sequence[Mark]:
    """Names of which a model saw the parts, as it does where it never met them: `Lien De Smet`,
    `Ada "Dusty" Stone`.

    Args:
        text: a segment.
        marks: what `weighed` says of it.
    """
    if len(marks) < 2:
        return marks
    found: list[Mark] = []
    for mark in marks:
        if found and found[-1].label == PERSON == mark.label and _are_one(text, found[-1], mark):
            last = found.pop()
            mark = Mark(last.start, mark.end, PERSON, max(last.score, mark.score))
        found.append(mark)
    return _nicknamed(text, found) if _QUOTES.search(text) else found


def _are_one(text: str, last: Mark, mark: Mark) -> bool:
    """Whether two names are beside each other, and parts of one."""
    if text[last.end : mark.start] != " ":
        return False
    first, second = text[last.start : last.end], text[mark.start : mark.end]
    # A sentence begins with a capital, too: `Said Ada Stone`.
    if " " in second and (" " in first or not last.start):
        return False
    return _APART.fullmatch(first) is not None and (
        _APART.fullmatch(second) is not None or nobody.are_initials(text, mark.start, mark.end)
    )


def _nicknamed(text: str, marks: list[Mark]) -> list[Mark]:
    """Names together with what stands within: `Ada "Dusty" Stone`."""
    for match in _NICKNAME.finditer(text):
        inside = [one for one in marks if one.start < match.end() and one.end > match.start()]
        around = [one for one in inside if one.start < match.start(1) or one.end > match.end(1)]
        if len(around) > 1 and all(one.label == PERSON for one in inside):
            first, last = marks.index(inside[0]), marks.index(inside[-1])
            start, end = min(inside[0].start, match.start()), max(inside[-1].end, match.end())
            marks[first : last + 1] = [Mark(start, end, PERSON, max(one.score for one in inside))]
    return marks


class Hashtags:
    """The hashtags of a segment that are written of several words: `#ThankYouObama`. As one word few models
    know them; with their words apart they are read as any text.

    Args:
        segment: where they stand, as the model saw it.

    Attributes:
        text: the segment with the words apart; empty where there is no such hashtag.
    """

    __slots__ = ("_more", "_places", "text")

    def __init__(self, segment: str) -> None:
        pieces: list[str] = []
        self._places: list[tuple[int, int, int, int]] = []
        size = done = 0
        for match in _TAGS.finditer(segment):
            words = HUMPS.sub(" ", match[1])
            if words != match[1]:
                pieces += (segment[done : match.start(1)], words)
                start = size + match.start(1) - done
                size = start + len(words)
                done = match.end()
                self._places.append((match.start(1), done, start, size))
        self.text = "".join([*pieces, segment[done:]]) if pieces else ""

    def persons(self, marks: Sequence[Mark], names: Iterable[Mark]) -> list[Mark]:
        """What the model found in the segment, and the hashtags of persons, each whole: what stands beside a
        name in one says of whom it is.

        Args:
            marks: what it found in the segment, in order.
            names: what it found in `text`.
        """
        found = list(marks)
        sure = [one for one in names if one.label == PERSON and one.score >= _TAGGED]
        for start, end, first, last in self._places:
            inside = [one for one in sure if one.start < last and one.end > first]
            if inside and not any(one.start < end and one.end > start for one in marks):
                found.append(Mark(start, end, PERSON, max(one.score for one in inside)))
        return sorted(found)


class Known:
    """Names that are certain, by their words: one pass over a text finds all of them.

    Two of the same names are one, and cheap to ask for: what was judged with them is remembered by them.

    Args:
        names: each once; no blank at either end, and a letter at the beginning.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._hash = hash(self.names)
        self._by_words: dict[str, Any] = {}
        self._others: list[str] = []
        if len(self.names) <= _FEW:
            self._others += self.names
            return
        for name in self.names:
            words = [_folded(word) for word in _ALNUM.findall(name)]
            if not words or not name[0].isalnum():
                self._others.append(name)
                continue
            node = self._by_words
            for word in words:
                node = node.setdefault(word, {})
            # No word is empty: here stand the names that end.
            node.setdefault("", []).append(name)

    def __bool__(self) -> bool:
        return bool(self.names)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Known) and self.names == other.names)

    def within(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where they stand in a text, as whole words; one of several words in any case. In no order;
        places of the same name do not overlap."""
        for name in self._others:
            for match in _of(name).finditer(text):
                yield match.start(), match.end(), name
        if not self._by_words:
            return
        words = list(_ALNUM.finditer(text))
        folded = [_folded(word[0]) for word in words]
        done: dict[str, int] = {}
        for first, word in enumerate(folded):
            node = self._by_words.get(word)
            start = words[first].start()
            if node is None or text[start - 1 : start] == "_":
                continue
            last = first
            while node is not None:
                for name in node.get("", ()):
                    if start >= done.get(name, 0) and (here := _of(name).match(text, start)):
                        done[name] = here.end()
                        yield start, here.end(), name
                last += 1
                node = node.get(folded[last]) if last < len(folded) else None


class Sought:
    """Names that keys of a record tell, and parts of them, to look for in texts.

    Args:
        names: as the values of keys that promise a name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        wanted: dict[str, None] = {}
        parts: dict[str, None] = {}
        for name in names:
            name = name.strip()
            # What a company is called is no person's name in part.
            some = [] if _FORM_IN.match(name) else name.split()
            parts |= dict.fromkeys(some)
            for one in (name, *some):
                if len(one) >= _SHORTEST and one[0].isupper() and one.lower() not in _ORDINARY:
                    wanted[one] = None
        self._themselves = frozenset(wanted)
        for ordinary in [one for one in list(parts)[:_MOST_PARTS] if one.lower() in _ORDINARY]:
            for other in list(parts)[:_MOST_PARTS]:
                if other != ordinary and len(other) >= _SHORTEST:
                    wanted |= dict.fromkeys((f"{ordinary} {other}", f"{other} {ordinary}"))
        self._wanted = Known(wanted)

    def told(self, record: Any) -> tuple[str, ...]:
        """Those that stand in a text of a record which says more than they; the longest first, then what is a
        part of it.

        Args:
            record: JSON as Python objects.
        """
        found: set[str] = set()
        stack = [record] if self._wanted else []
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                stack += value.values()
            elif isinstance(value, list):
                stack += value
            elif isinstance(value, str) and value.strip() not in self._themselves:
                found.update(name for _, _, name in self._wanted.within(value))
        return tuple(sorted(found, key=lambda name: (-len(name), name)))


def told_again(record: Any, names: Iterable[str]) -> tuple[str, ...]:
    """Which names that keys tell stand in other texts of a record, see `Sought`."""
    return Sought(names).told(record)


def known_in(text: str, names: Known) -> list[Mark]:
    """Where names that are certain stand in a text."""
    return sorted(Mark(start, end, PERSON, CERTAIN) for start, end, _ in names.within(text))


def _folded(word: str) -> str:
    """A word in any case: what `re.IGNORECASE` takes for the same is."""
    return word.lower() if word.isascii() else word.translate(_TURKISH).casefold()


@lru_cache(maxsize=4096)
def _of(name: str) -> re.Pattern[str]:
    pattern = r"[\s.,_-]{1,3}".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE if " " in name else 0)


def _in_place(text: str, mark: Mark) -> Mark | None:
    """A name without what only touches it, and with the score that it has in code."""
    start, end = mark.start, mark.end
    # In `suser=ann.lee duser=x` the second is a key, and so is it in `name=LEE,ANN pat_id=x`.
    while _OF_A_KEY(text, end) and (blank := text.rfind(" ", start, end)) > 0:
        end = blank
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if text[end - 2 : end] in ("'s", "’s"):
        end -= 2
    end = _before_label(text, start, end)
    if mark.label == PERSON and (behind := _BEHIND.search(text, max(start, end - _NEAR), end)):
        end = behind.start()
    if not any(map(str.isalpha, text[start:end])) or _BARE.fullmatch(text, start, end):
        return None
    if text[start - 1 : start] == "-" and _OPTION(text, start - 1):
        return None
    label, score = mark.label, mark.score
    if label == PERSON and (title := _CALLED(text, start, end)):
        start = title.end()
    if _in_code(text, start, end, label) and not (score >= _SURE and _is_mentioned(text, start, end, label)):
        score = max(0.01, round(score - _LESS, 2))
    if text[start - 1 : start] == "#" and _HASH.search(text, start - 1, start):
        start -= 1
    return Mark(start, end, label, score)


def _persons(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """Names without those that are nobody, without ranks before them, and with their initials."""
    found: list[Mark] = []
    for mark in marks:
        if mark.label == PERSON:
            start, end = mark.start, mark.end
            if (
                nobody.is_nobody(text, start, end)
                or nobody.is_thing(text, start, end)
                or nobody.is_rank_of_replaced(text, start, end)
                or (
                    " " not in text[start:end]
                    and (remedies.is_remedy(text, start, end) or remedies.is_eponym(text, start, end))
                )
            ):
                continue
            start = nobody.behind_office(text, start, end)
            last = found[-1] if found else None
            if last is not None and last.label == PERSON:
                if end <= last.end:
                    continue
                between = text[last.end : start]
                if nobody.are_letters(text, start, end) and between in (" ", ", "):
                    continue
                if _BETWEEN_RANK.fullmatch(between) and nobody.is_rank(
                    text, last.start, last.end, " " in text[start:end]
                ):
                    found.pop()
                elif (between == ", " and _is_last_of_form(text, last)) or (
                    between in (" ", ". ") and nobody.are_initials(text, last.start, last.end)
                ):
                    start = found.pop().start
            left = max(start - _NEAR_INITIALS, found[-1].end if found else 0)
            if initials := _INITIALS_BEFORE.search(text, left, start):
                start = initials.start(1)
            end = nobody.before_letters(text, start, end)
            mark = Mark(start, _with_given(text, start, end), PERSON, mark.score)
        found.append(mark)
    return found


def _with_given(text: str, start: int, end: int) -> int:
    """Where a name ends whose given part stands behind a comma, as in `STONE, ADA 72 M`."""
    given = _GIVEN.match(text, end) if _is_family(text, start, end) else None
    return given.end(1) if given else end


def _is_family(text: str, start: int, end: int) -> bool:
    """Whether that is no more than the name of a family."""
    return " " not in text[start:end] or _FAMILY.fullmatch(text, start, end) is not None


def _is_last_of_form(text: str, mark: Mark) -> bool:
    """Whether a form asks for one person, before the name of a family."""
    if not _is_family(text, mark.start, mark.end):
        return False
    return _FORM_ASKS.search(text, max(0, mark.start - _NEAR_FORM), mark.start) is not None


def _before_label(text: str, start: int, end: int) -> int:
    """Where a name ends before what a form asks for next: `Lee Ward: 7B`, `Lee First name: Ann`; at its start
    where that is all of it."""
    last = max(start, text.rfind(" ", start, end) + 1)
    if text[end : end + 1] == ":":
        word = text[last:end].lower()
        asks = word in _LABELS or keys.entity(word) is not None
    else:
        asks = last > start and _LABEL_GOES_ON.match(text, end) is not None
    return start + len(text[start:last].rstrip()) if asks else end


def _in_code(text: str, start: int, end: int, entity: str) -> bool:
    value = text[start:end]
    # Most names are letters between blanks, and are asked no more.
    if not value.replace(" ", "").isalpha() and _CODE.search(value):
        return True
    if text[start - 1 : start] in _GLUE_BEFORE and _GLUED_BEFORE.search(text, max(0, start - 3), start):
        return True
    if text[end : end + 1] in _GLUE_AFTER and _GLUED_AFTER.match(text, end):
        return not (entity == PERSON and _FULL_NAME.fullmatch(value) and _CREDITED.match(text, end))
    if text[end : end + 1] == "]" and _THREAD(text, max(0, start - 2), start):
        return True
    # A hashtag has no blank between the words of a name.
    return entity == PERSON and _CAMEL.search(value) is not None and text[start - 1 : start] != "#"


def _is_mentioned(text: str, start: int, end: int, entity: str) -> bool:
    """Whether somebody is told by one name behind the sign of a chat: `@Jonas`."""
    if entity != PERSON or not (start and text[start - 1] == "@" and _MENTIONED.match(text, start - 1)):
        return False
    value = text[start:end]
    return (
        value.istitle()
        and value.isalpha()
        and value.lower() not in COMMON
        and not _GLUED_AFTER.match(text, end)
    )


def _companies(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """Names with those that end with a form of companies as such, together with the form and the partners,
    and those of well-known companies; without software, and what a browser says of itself."""
    found: list[Mark] = []
    browser = text.find("Mozilla/")
    firms = [one.span() for one in _FIRMS.finditer(text)] if "&" in text else []
    if "St. " in text or "St " in text or "Saint " in text:
        firms += remedies.hospitals(text)
    for mark in marks:
        if firm := next((one for one in firms if one[0] <= mark.start < one[1]), None):
            if not found or found[-1].start != firm[0]:
                found.append(Mark(*firm, ORGANIZATION, mark.score))
            continue
        if 0 <= browser < mark.start and _AGENT.search(text, browser, mark.start):
            continue
        if nobody.is_product(text[mark.start : mark.end]) or nobody.is_method(text, mark.start, mark.end):
            continue
        if mark.label == LOCATION and nobody.is_zone(text, mark.start, mark.end):
            continue
        if mark.label == PERSON:
            software = _SOFTWARE.match(text, mark.start)
            if software and software.end() == mark.end:
                continue
            value = text[mark.start : mark.end]
            if value.lower() in _HOUSES or remedies.is_make(text, mark.start, mark.end):
                mark = mark._replace(label=ORGANIZATION)
            elif _AIRPORT.match(text, mark.end):
                mark = mark._replace(label=LOCATION)
        form = _FORM_AFTER.match(text, mark.end) if text[mark.end : mark.end + 1] in (" ", ",") else None
        if form or (" " in (value := text[mark.start : mark.end]) and _FORM_IN.match(value)):
            start, score = mark.start, mark.score
            while found and text[found[-1].end : start] == " & ":
                start, score = found[-1].start, max(score, found[-1].score)
                found.pop()
            mark = Mark(start, form.end() if form else mark.end, ORGANIZATION, score)
        found.append(mark)
    return found


def _titled(text: str) -> list[Mark]:
    found: list[Mark] = []
    for expression in (_TITLES, _SALUTATIONS) if _ADDRESSED(text) else ():
        for match in expression.finditer(text):
            if match[1].split()[0].lower() not in _NOBODY and not nobody.is_called_so(text, match.start()):
                found.append(Mark(match.start(1), match.end(1), PERSON, TITLED))
    for expression in (_FOLDERS, _ACCOUNTS, _LABELLED) if "\\" in text else ():
        for match in expression.finditer(text):
            first, *others = match[1].lower().replace(" ", ".").split(".")
            if first not in _NOBODY and _FILES.isdisjoint(others):
                found.append(Mark(match.start(1), match.end(1), PERSON, TITLED))
    return found


def spelled(text: str) -> list[Mark]:
    """Words in a row, near an address, of which its local part is made: `Ann Lee <ann.lee@example.com>`."""
    found = []
    for match in _MAIL.finditer(text):
        parts = [part.lower() for part in _PARTS.findall(match[1])]
        joined = "".join(parts)
        left, right = max(0, match.start() - _NEAR), min(len(text), match.end() + _NEAR)
        for a, b in ((left, match.start()), (match.end(), right)):
            for first, second in pairwise(_WORD.finditer(text, a, b)):
                apart = text[first.end() : second.start()].strip(" ,.")
                if not apart and _spells(joined, parts, first[0].lower(), second[0].lower()):
                    found.append(Mark(first.start(), second.end(), PERSON, TITLED))
    return found


def _spells(joined: str, parts: list[str], first: str, second: str) -> bool:
    """Whether two words are those of an address: both in any order, or one and an initial."""
    if first in parts and second in parts:
        return first != second
    return (
        len(first) > 1
        and len(second) > 1
        and joined
        in {
            first + second,
            second + first,
            first[0] + second,
            second + first[0],
            first + second[0],
            second[0] + first,
        }
    )


def together(marks: Sequence[Mark], more: Sequence[Mark]) -> Sequence[Mark]:
    """Names and others that speak for them, in order: those that overlap are one person."""
    joined: list[Mark] = []
    for mark in sorted([*marks, *more]):
        last = joined[-1] if joined else None
        if last is not None and mark.start < last.end:
            joined[-1] = Mark(last.start, max(last.end, mark.end), PERSON, max(last.score, mark.score))
        else:
            joined.append(mark)
    return joined
