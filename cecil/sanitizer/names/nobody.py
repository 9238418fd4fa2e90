"""What is called after persons and is none, and the ranks before a name.

    is_nobody(text, …)        whether a name is that of something else
    is_method(text, …)        whether it is that of what two persons found
    is_product(name)          whether it is that of software alone
    is_zone(text, …)          whether a place is a part of the name of a time zone
    behind_office(text, …)    where a name begins behind an office
    is_rank, are_initials     whether a name is none of its own before another

A disease, a node or a clamp bears the name of who described it; a prize, of who gave it; a storm, a name from
a list. All are told by one word beside the name. Where that word is also what a person does or has (a score,
a test; somebody's tumour) nothing is taken off here: a name that stays hidden is the lesser harm.
"""

import re

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
)
_OFFICES = re.compile(rf"(?:{_OFFICE}) (?=[^\W\d_a-zß-öø-ÿ])").match
_RANK = re.compile(rf"(?:{_OFFICE}|Gen|Sen|Rep|Major|King|Queen|Prince|Pope)").fullmatch
"""What is no name by itself where one stands behind it."""
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}").fullmatch


def behind_office(text: str, start: int, end: int) -> int:
    """Where a name begins, without an office before it: `General Stone`."""
    office = _OFFICES(text, start, end)
    return office.end() if office else start


def is_rank(text: str, start: int, end: int) -> bool:
    """Whether that is none beside a name behind it: `Prince`."""
    return _RANK(text, start, end) is not None


def is_rank_of_replaced(text: str, start: int, end: int) -> bool:
    """Whether that is none because what stands behind it was a name: `Prince <~>`."""
    return text.startswith((" <", ". <"), end) and is_rank(text, start, end)


def are_initials(text: str, start: int, end: int) -> bool:
    """Whether that is a part of a name behind it: `O.J.`."""
    return _INITIALS(text, start, end) is not None


def is_nobody(text: str, start: int, end: int) -> bool:
    """Whether what looks like a person's name is that of something else."""
    if _BEHIND_ANY(text, end) or (_BEHIND(text, end) and " " not in text[start:end]):
        return _HELD(text, max(0, start - _LEFT), start) is None
    if start and text[start - 1] == " ":
        title = text.rfind(" ", 0, start - 1) + 1
        if is_called_so(text, title) or _STORM(text, max(0, start - _LEFT), start):
            return True
    name = text[start:end]
    if name in _MONTHS and _IN_MONTH(text, max(0, start - _LEFT), start):
        return True
    if name == "May":
        return _MAY(text, end) is not None and _BEGINS(text, max(0, start - _LEFT), start) is not None
    return name[1:2] == "-" and _OF_A_PARTY(name) is not None


def is_called_so(text: str, start: int) -> bool:
    """Whether what begins with a title is no person but a thing that is called so."""
    return _CALLED_SO(text, start) is not None


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
