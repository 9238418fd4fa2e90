"""Lines of text with columns in a fixed order. A line has no fields, so there are no rules: only what it is.

Sources:
VPC flow logs, version 2: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
Application Load Balancer:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
Network Load Balancer:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
Classic Load Balancer:
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
Common log format: https://httpd.apache.org/docs/current/logs.html
"""

import re
from typing import NamedTuple

from cecil.sanitizer.late import late

_LOOKED_AT = 512
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?"


class LineShape(NamedTuple):
    """One kind of line.

    Attributes:
        name, title: as those of a `Shape`.
        begins: what it begins with.
        stays: what a policy leaves that one may not expect.
    """

    name: str
    title: str
    begins: re.Pattern[str]
    stays: str


SHAPES = (
    LineShape(
        "vpc-flow-text",
        "VPC flow logs",
        late(
            r"(?:version account-id interface-id\b"
            r"|\d{1,2} (?:\d{12}|unknown) eni-[0-9a-z]{1,32} (?:\S{1,45} ){2}(?:[\d-]{1,12} ){7})"
        ),
        "the account and its interface stay, public addresses go",
    ),
    LineShape(
        "elb-application",
        "access logs of an Application Load Balancer",
        late(rf"(?:https?|h2|grpcs|wss?) {_TIME} \S{{1,128}} \S{{1,64}} \S{{1,64}} "),
        "the client's address goes, its user agent stays",
    ),
    LineShape(
        "elb-network",
        "access logs of a Network Load Balancer",
        late(rf"tls \d\.\d {_TIME} net/\S{{1,128}} "),
        "the client's address goes, names of certificates stay",
    ),
    LineShape(
        "elb-classic",
        "access logs of a Classic Load Balancer",
        late(rf"{_TIME} [\w-]{{1,64}} [\d.]{{7,15}}:\d{{1,5}} \S{{1,64}} -?\d"),
        "the client's address goes, its user agent stays",
    ),
    LineShape(
        "access-log",
        "access logs of a web server (common log format)",
        late(r"\S{1,128} \S{1,128} \S{1,128} \[\d\d/[A-Z][a-z]{2}/\d{4}:"),
        "the client's address goes; its login, the third column, stays, and so does its user agent",
    ),
)


def of_line(line: str) -> str | None:
    """The name of the shape of a line; None where it is none that is known."""
    begin = line[:_LOOKED_AT]
    return next((shape.name for shape in SHAPES if shape.begins.match(begin)), None)
