"""What is called after persons and is none, and the ranks before a name.

    is_nobody(text, …)        whether a name is that of something else
    is_method(text, …)        whether it is that of what two persons found
    is_product(name)          whether it is that of software alone
    is_zone(text, …)          whether a place is a part of the name of a time zone
    is_thing(text, …)         whether what is called so runs or is taken: a job, a plugin, a dose of a drug
    behind_office(text, …)    where a name begins behind an office
    before_letters(text, …)   where it ends before the letters of a degree or an order
    is_rank, are_initials     whether a name is none of its own before another

A disease, a node or a clamp bears the name of who described it; a prize, of who gave it; a storm, a name from
a list. All are told by one word beside the name. Where that word is also what a person does or has (a score,
a test; somebody's tumour) nothing is taken off here: a name that stays hidden is the lesser harm.
"""

import re

from cecil.sanitizer.late import late
from cecil.sanitizer.names.shape import REPLACED

_KINDS = (
    r"pals(?:y|ies)|lymphomas?|sarcomas?|man(?:euver|oeuvre)s?|catheters?|contractures?|phenomen(?:on|a)|triad"
    r"|tetralogy|anomaly|deformity|dystrophy|chorea|ataxia|encephalopathy|thyroiditis|purpura|neuromas?"
    r"|nephropathy|arthropathy|cysts?|glands?|o?esophagus|fracture|osteotomy|fundoplication|forceps|speculum"
    r"|cannula|retractor|criteria|classification|contractions|bodies"
)
"""What bears one name: `Baker cyst`, while a `Maria Lopez lymphoma` has somebody."""
_BEHIND = re.compile(
    rf" (?:{_KINDS})\b"
    # Somebody tests positive, and that is to stay hidden: so one test, or what it was.
    r"| (?:(?:test|sign)(?: (?:was|is))?|(?:tests|signs) (?:were|are))"
    r" (?:positive|negative|absent|present|normal|equivocal)\b"
    r"| (?:score|scale) of [0-9]"
    # What nobody has for themselves.
    r"|['’]s (?:man(?:euver|oeuvre)|contracture|phenomenon|triad|nodes?|ligament|criteria|classification)\b"
    r"|['’]s (?:d|alpha|kappa|tau|rho) ?= ?-?[0-9.]"
    r"|['’]s (?:theorem|lemma|inequality|conjecture|paradox)\b|['’]s [Ll]aw(?![\w'’-]| [a-z]*(?:firm|practice"
    r"|school|office|licen[cs]e|degree|suit|clerk|partner))"
    # `Gardner and Lynch syndromes`
    r"|(?:['’]s)?(?: and | or |/)[A-Z][a-z]+(?:['’]s)? (?:diseases|syndromes|signs|tests)\b"
).match
_METHOD = re.compile(
    r" (?:methods?|algorithms?|schemes?|equations?|approximation|integrator|solver|sampler|estimator|theorem"
    r"|(?:step|acceptance) [0-9.]+|did(?: not|n['’]t) converge)\b| [A-Za-z] ?= ?-?[0-9]"
).match
"""What bears two names with a dash between: `Newton-Raphson method`, `Shapiro-Wilk W=0.98`."""
_DASHED = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)+").fullmatch
_BEHIND_ANY = re.compile(
    r" (?:(?:disease|syndrome|node|nodule)s?|Cup|Trophy|Awards?|Prize|Medal|Open)\b"
).match
"""What bears two as well: `Ramsay Hunt syndrome`, `Vince Lombardi Trophy`."""
_STORM = re.compile(r"\b(?:[Hh]urricane|[Tt]yphoon|[Cc]yclone|Superstorm|[Tt]ropical [Ss]torm) \Z").search
_CALLED_SO = re.compile(
    r"(?:Dr\.? Pepper|Aunt Jemima|Uncle Ben['’]s|Father Time|Lady Luck|Uncle Tom['’]s Cabin)\b"
).match
_SHIP = late(r"\b(?:USS|USNS|USCGC|HMS|HMAS|HMCS|HMNZS|RMS) (?:[A-Z][\w.]* ){0,2}\Z")
_WEATHER = late(
    r"\b(?:winds?|gusts?|rain(?:s|fall)?|snow(?:fall)?|flood(?:s|ed|ing)?|weather|coasts?|damaged?|landfall"
    r"|power cuts?|outages?|warnings?|battered|forecasters?)\b"
)
"""Beside it a storm is one: some are called Storm."""
_GREETINGS = frozenset(
    "Hiya Howdy Heya Hullo Cheers Congrats Kudos Namaste Aloha Merhaba Merci Danke".split()
)
_NATIONS = frozenset("BEN CAM DEN GAB GUY JOR KEN LIE MAR MON PAN SAM SOL TAN".split())
"""For whom somebody runs, as results have it in brackets behind a name, and names too."""
_GRADE = late(r"[A-Z][a-z]+ (?:I{1,3}|IV)[a-d]")
_GRADED = late(r" (?:I{1,3}|IV)[a-d]\b")
"""`Fontaine IIb`: no king is counted so."""

_DOSE = late(
    r" [0-9]+(?:[.,][0-9]+)? ?(?:mg|mcg|µg|micrograms?|units?|IU|ml|mL)(?:/[a-zA-Z0-9]+)?"
    r"(?=[.,;)]|\s*\Z| (?:PO|IV|IM|SC|SL|PR|NG|OD|BD|TDS|QDS|PRN|BID|TID|QID|QHS|nocte|mane|stat|daily|once"
    r"|twice|weekly|nightly|at night|in the morning|orally|tablets?|capsules?|and|was|were|started|stopped"
    r"|increased|reduced|every|q[0-9])\b)"
)
"""How much is taken of what is called so, where nothing else is told that somebody would get."""
_GETS = late(r"\b(?:[Gg]ave|[Gg]ive|[Gg]iven|to|for|[Pp]t|[Pp]atient) \Z")
_RUNS = late(
    r" (?:(?:re)?start(?:ed|ing)|stopp(?:ed|ing)|finished|completed|succeeded|failed|crashed|exited|aborted"
    r"|queued|skipped|(?:was |un)?loaded|deployed|enabled|timed out|is (?:up|down|running))\b"
    r"| v?[0-9]+\.[0-9]"
)
_KIND = (
    r"(?:[Jj]ob|[Dd]aemon|[Pp]lugin|[Mm]odule|[Cc]ontainer|[Pp]od|[Cc]luster|[Pp]ackage|[Ll]ibrary|[Ff]ramework"
    r"|[Dd]atabase|[Ff]irmware|[Mm]icroservice|[Ss]ervice)"
)
_RUNNING = late(rf"(?:\A|[\]:>-] ){_KIND} \Z")
"""What is called so where a message begins with it: a sentence goes on about `the job Anna started`."""
_BEGUN = late(rf"\b(?:[Ll]oad|[Ss]tart|[Ee]nabl)(?:ed|ing) {_KIND} \Z")
_ENDS = late(r" v?[0-9]+\.[0-9]|[,.;:]?\s*\Z")
_IS_JOB = late(r"Job [A-Z][A-Za-z]+")
_IS_RUN = late(r" (?:finished with|completed in|failed with|timed out|queued|skipped|aborted|crashed)\b")
"""What nobody does who is called Job, as some are."""

_HELD = re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|[Pp]atients?|[Pp]t)\.? \Z").search
"""Before the name of somebody who has a disease."""
_LEFT = 24
"""Characters before a name that are looked at."""

_OF_A_PARTY = re.compile(r"[RDI]-[A-Z][a-z]{1,5}\.?").fullmatch
"""`Bob Stone, R-Kan.`"""
_MAY = re.compile(
    r" (?:also|apply|bathe|be|cause|consider|continue|discontinue|drive|eat|give|go|have|increase|need|not"
    r"|remain|repeat|require|resume|return|shower|start|stop|substitute|take|use)\b"
).match
_BEGINS = re.compile(r"(?:\A|[.:;•*-])\s*\Z").search
"""Where an order of a physician begins: `May resume diet.`"""
_MONTHS = frozenset("April May June August".split())
_IN_MONTH = re.compile(
    r"(?i:\b(?:in|during|until|till|since|early|late|mid|this|last|next|every|end of|month of)) \Z"
).search

_PRODUCTS = frozenset(
    """activiti alertmanager apigee arquillian artifactory avro bitbucket blazor bokeh bugsnag buildah
    buildkite camunda ceph clojure couchbase dagster debezium dogecoin drupal dynatrace ehcache
    elasticsearch fluentd flyway freemarker gensim gentoo glassfish gradio gradle grafana gson hadoop
    hamcrest haproxy hashicorp hazelcast hibernate hudi hystrix icinga infinispan inkscape joomla
    keycloak kibana kubernetes langchain laravel liferay liquibase litecoin logback logstash
    magento mailgun manjaro matplotlib memcached metabase micronaut milvus mockito monero mongodb moq
    mybatis mysql nagios nokogiri nuxt ollama oozie openshift payara plotly portainer postgres postgresql
    prometheus pydantic pytest pytorch qdrant quarkus rabbitmq redis redux rollbar rspec sendgrid sensu
    serilog sidekiq skopeo snort solr splunk sqlalchemy sqlite sqoop streamlit struts superset suricata
    symfony tekton telegraf tensorflow testcontainers thymeleaf traefik trivy vaadin vertx weaviate
    wildfly wireshark wordpress xamarin xunit zabbix zapier zeek zookeeper zuul""".split()
)
"""Software that nobody and no place is called like. Where somebody is (Luigi, Jackson, Django, Jersey), a
name stays hidden."""
_CONTINENT = "(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
_OF_ZONE = re.compile(rf"(?<![\w/.-]){_CONTINENT}/(?:[A-Z][A-Za-z]{{2,20}}/)?+\Z").search
_ZONE_GOES_ON = re.compile(r"/[A-Z][A-Za-z_]{2}").match
_CONTINENTS = re.compile(_CONTINENT).fullmatch
_LONGEST_ZONE = 40

_OFFICE = (
    r"Chancellor|Senator|Congress(?:wo)?man|Governor|Mayor|General|Colonel|Captain"
    r"|Lieutenant|Sergeant|Admiral|Inspector|Detective|Professor|Uncle|Aunt(?:ie)?"
    r"|(?:Col|Capt|Lt|Sgt|Gov|Adm|Cpl|Maj)\.?|(?:Gen|Sen|Rep)\."
    # of the police, and of those who care
    r"|RN|LPN|LVN|CNA|NP|PA-C|DCI|Paramedic|Matron|Midwife|(?:Weather|Fisher|Business|Police|Sports|Camera)man"
    # of Nigeria, India, Malaysia, Indonesia, Ethiopia and Germany
    r"|Alhaji|Hajia|Engr\.?|Smt\.?|Encik|Puan|Datuk|Bapak|Weyzero|Fräulein"
)
_OFFICES = re.compile(rf"(?:{_OFFICE}) (?=[^\W\d_a-zß-öø-ÿ])").match
_RANK = re.compile(
    rf"(?:{_OFFICE}|Gen|Sen|Rep|Major|King|Queen|Prince|Pope|Countess|Baroness|Duchess|Sheikha|Archbishop"
    r"|Ayatollah|Sheriff|Insp\.?|D[CIS]|Signora?|Sig\.?|Doña|Bwana|Mzee|Comrade|Rapper)"
).fullmatch
"""What is no name by itself where one stands behind it."""
_TRADES = (
    r"Dame|Lord|Lady|Sheikh|Bishop|Cardinal|Pastor|Mullah|Ustadh|Lord Justice|Constable|Master|Brother"
    r"|Sister|Barr\.?|Arch\.?|Nonna|Singer|Poet|Farmer|Student|Teacher"
)
_TRADE_OF_REPLACED = late(_TRADES)
_TRADE = late(
    rf"(?:{_TRADES}|Justice|Baron|Duke|Princess|Sultan|Emir|Imam|Maulana|Haji|Hajj|Don|Dom|Dato|Shri|Pani|Papa|Mama)"
)
"""The same where that is a full name, for some are called so: `Singer Ada Stone`, and not `Sultan Stone`."""
LICENCE = (
    r"(?:PhD|MBBS|MD|RN|LPN|LVN|CNA|CRNA|NP|DNP|APRN|ARNP|PA-C|PharmD|DDS|DVM"
    r"|(?:M\.D|D\.O|N\.P|R\.N|P\.A|Ph\.D)\b\.?)"
)
_ORDER = rf"(?:OBE|MBE|CBE|KBE|DBE|QC|KC|MP|MEP|MSP|FRC[SPA]|MRC[PS]|NBM|{LICENCE})"
_LETTERS = late(rf"(?<=[^\W\d_A-Z]),? {_ORDER}\Z")
_ARE_LETTERS = late(_ORDER)
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}").fullmatch


def behind_office(text: str, start: int, end: int) -> int:
    """Where a name begins, without an office before it: `General Stone`."""
    office = _OFFICES(text, start, end)
    return office.end() if office else start


def before_letters(text: str, start: int, end: int) -> int:
    """Where a name ends without what somebody may put behind it: `Ada Stone OBE`."""
    letters = _LETTERS.search(text, start, end)
    return letters.start() if letters else end


def are_letters(text: str, start: int, end: int) -> bool:
    """Whether that is nothing else: `OBE`."""
    return _ARE_LETTERS.fullmatch(text, start, end) is not None


def is_rank(text: str, start: int, end: int, full: bool = False) -> bool:
    """Whether that is none beside a name behind it: `Prince`.

    Args:
        full: whether that one has two words or more.
    """
    return _RANK(text, start, end) is not None or (full and _TRADE.fullmatch(text, start, end) is not None)


def is_rank_of_replaced(text: str, start: int, end: int) -> bool:
    """Whether that is none because what stands behind it was a name: `Prince <~>`."""
    if not text.startswith((" <", ". <"), end):
        return False
    if is_rank(text, start, end):
        return True
    # In `Bishop <bishop@example.com>` it is all of a name.
    return text.startswith(f" {REPLACED}", end) and _TRADE_OF_REPLACED.fullmatch(text, start, end) is not None


def are_initials(text: str, start: int, end: int) -> bool:
    """Whether that is a part of a name behind it: `O.J.`."""
    return _INITIALS(text, start, end) is not None


def is_nobody(text: str, start: int, end: int) -> bool:
    """Whether what looks like a person's name is that of something else."""
    left = max(0, start - _LEFT)
    if _BEHIND_ANY(text, end) or (_BEHIND(text, end) and " " not in text[start:end]):
        return _HELD(text, left, start) is None
    if start and text[start - 1] == " ":
        title = text.rfind(" ", 0, start - 1) + 1
        if is_called_so(text, title) or _STORM(text, left, start) or _SHIP.search(text, left, start):
            return True
    name = text[start:end]
    if name in _GREETINGS or (name in _MONTHS and _IN_MONTH(text, left, start)):
        return True
    if (name + " ").startswith("Storm ") or text[max(0, start - 6) : start] == "Storm ":
        return _WEATHER.search(text) is not None
    if name in _NATIONS and text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return text[start - 2 : start - 1] == " "
    if name == "May":
        return _MAY(text, end) is not None and _BEGINS(text, left, start) is not None
    return name[1:2] == "-" and _OF_A_PARTY(name) is not None


def is_called_so(text: str, start: int) -> bool:
    """Whether what begins with a title is no person but a thing that is called so."""
    return _CALLED_SO(text, start) is not None


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether what looks like the name of one word of a person's is that of what runs, as messages begin with
    it, that of a drug, or of a degree of illness."""
    name = text[start:end]
    if _GRADE.fullmatch(name):
        return True
    left = max(0, start - _LEFT)
    if " " in name:
        return _IS_JOB.fullmatch(name) is not None and _IS_RUN.match(text, end) is not None
    if _GRADED.match(text, end):
        return True
    if _DOSE.match(text, end):
        return not (_HELD(text, left, start) or _GETS.search(text, left, start))
    if _RUNNING.search(text, left, start):
        return _RUNS.match(text, end) is not None
    return _BEGUN.search(text, left, start) is not None and _ENDS.match(text, end) is not None


def is_method(text: str, start: int, end: int) -> bool:
    """Whether two names with a dash between are those of what two persons found, which a model takes for a
    person or a place."""
    if "-" not in text[start:end] or not _METHOD(text, end) or not _DASHED(text, start, end):
        return False
    return _HELD(text, max(0, start - _LEFT), start) is None


def is_product(name: str) -> bool:
    """Whether that is the name of software, and nobody's."""
    return name.lower() in _PRODUCTS


def is_zone(text: str, start: int, end: int) -> bool:
    """Whether a place is a part of the name of a time zone, which says where a clock is set, and not where
    somebody is: `Asia/Kolkata`, `America/Argentina/Salta`."""
    if text[start - 1 : start] == "/":
        return _OF_ZONE(text, max(0, start - _LONGEST_ZONE), start) is not None
    if text[end : end + 1] != "/" or text[max(0, start - 1) : start] in ("/", "-", "."):
        return False
    return _CONTINENTS(text, start, end) is not None and _ZONE_GOES_ON(text, end) is not None
