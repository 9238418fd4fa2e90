"""Numbers of patients, their health plans, and those who treat them."""

import re

from cecil.sanitizer import promises
from cecil.sanitizer.detectors import Recognizer, checksums, dicom
from cecil.sanitizer.detectors.rules import Rule, Rules

_ID = "[A-Z]{0,6}[-_]?[0-9]{3}[A-Z0-9]{0,32}(?:-[A-Z0-9]{1,12}){0,4}"
_GROUPS = "[0-9]{2,4}(?: [0-9]{1,4}){2,5}"
_DASHED = "[0-9]{2,4}(?:-[0-9]{2,4}){1,2}"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# Position by position; the letters S, L, O, I, B and Z are left out.
# https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-format.pdf
_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[AC-HJKMNP-RT-Y0-9]"


def _mbi(dash: str) -> str:
    return f"[1-9]{_LETTER}{_EITHER}[0-9]{dash}{_LETTER}{_EITHER}[0-9]{dash}{_LETTER}{_LETTER}[0-9][0-9]"


_PAYER = (
    "(?:blue ?(?:cross|shield)|bcbs|aetna|cigna|humana|anthem|uhc|united ?healthcare|kaiser|tricare|molina"
    "|wellcare|medicaid|medicare|insurance|insurer|insured|health plan)"
)

_DEVICE = (
    "(?:pacemaker|defibrillator|cpap|bipap|ventilator|nebuli[sz]er|pump|glucometer|dexcom|medtronic|resmed|implant"
    "|stent|prosthesis|hearing aid|cochlear|neurostimulator|stimulator|concentrator|wheelchair)"
)


def _no_date(value: str) -> bool:
    return (
        re.fullmatch("(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-9]{2}-[0-9]{2}-(?:19|20)[0-9]{2}", value)
        is None
    )


def _serial(value: str) -> bool:
    """Whether a number with letters is one that somebody gave: those of certificates are hexadecimal."""
    return re.search("[G-Z]", value) is not None


_RULES = (
    Rules(
        "medical-record",
        Rule(
            "MEDICAL_RECORD_NUMBER",
            f"{_UUID}|{_GROUPS}|{_ID}",
            0.85,
            label=r"mrn|medical[ _-]?record(?:[ _-]?(?:number|no|num|nr|id|#))?|(?:medical|patient|hospital)"
            r"[ _-]?file|(?:chart|hospital)[ _-]?(?:number|no|#)"
            r"|patient[ _-]?(?:id|identifier|number|no|#|mrn)",
        ),
        # As clinicians shorten it; what is as short as a word wants more digits.
        Rule(
            "MEDICAL_RECORD_NUMBER",
            f"[A-Z]{{0,3}}-?[0-9]{{5,12}}|{_DASHED}",
            0.8,
            label=r"m\.r\.n\.?|umrn|empi|hrn|med\.?[ _-]{0,2}rec(?:ord)?|hosp\.?[ _-]?(?:number|no|num|nr|#)"
            r"|(?:pt|pat)\.?[ _-]?(?:id|identifier|number|no|num|nr|#|mrn)|(?:patient|pt)(?:'s)? chart",
            check=_no_date,
            why="a date",
        ),
        Rule(
            "MEDICAL_RECORD_NUMBER",
            "[0-9]{7,10}|0[0-9]{5}|[0-9]{2,4}(?:-[0-9]{2,4}){2}",  # `MR #4711` is a merge request
            0.8,
            cased=True,
            label="MR ?(?:#|N[oO]|[Nn]um(?:ber)?)",
            check=_no_date,
            why="a date",
        ),
        Rule(
            "MEDICAL_RECORD_NUMBER",
            "[A-Z]?[0-9]{7,8}",
            0.7,
            cased=True,
            label="URN|UR ?(?:#|[Nn]o|[Nn]umber)",
        ),
        Rule(
            "MEDICAL_RECORD_NUMBER", "[0-9]{3}-[0-9]{2}-[0-9]{2}", 0.7, label="unit[ _-]?(?:number|no|num|#)"
        ),
        # The Integration Control Number of the Department of Veterans Affairs, with its check digits.
        Rule("MEDICAL_RECORD_NUMBER", "[0-9]{10}V[0-9]{6}", 0.9, cased=True, sure=True),
        context=("mrn", "medical", "patient", "chart"),
    ),
    Rules(
        "health-plan",
        Rule(
            "HEALTH_PLAN_NUMBER",
            f"{_GROUPS}|{_ID}",
            0.8,
            label="(?:health[ _-]?plan|insurance|policy|policyholder|insured|member|subscriber|beneficiary"
            "|medicaid|medicare|payer|enrollee|hicn)[ _-]?(?:policy[ _-]?|member[ _-]?)?"
            "(?:id|number|no|num|nr|code|#)",
            check=lambda value: not promises.is_of_a_cluster(value),
            why="a member of a cluster",
        ),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[0-9]{2}-[0-9]{3}-[0-9]{3,6}",
            0.8,
            label="policy[ _-]?(?:number|no|num|nr|#)",
        ),
        # Medicare's until 2019: a Social Security number, and how its owner is a beneficiary.
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[0-9]{3}-?[0-9]{2}-?[0-9]{4}(?:-?[A-Z][A-Z0-9]?)?|[A-Z]{1,3}-?[0-9]{6,9}",
            0.85,
            label="hicn|hic[ _-]?(?:number|no|num|#)",
        ),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z]{0,4}[0-9]{6,14}(?:-[0-9]{1,4})?",
            0.8,
            label=rf"(?:ins\.?|mbr\.?|cardholder|{_PAYER})[ _-]?(?:member[ _-]?)?(?:id|number|no|num|#)",
        ),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z]{0,3}[0-9]{5,10}(?:-[0-9]{2,4})?",
            0.7,
            label=rf"(?:{_PAYER}|ins\.?:)[^\r\n]{{0,60}}[^A-Za-z]gr(?:ou)?p",
            hint=rf"(?:{_PAYER}|ins\.?:)[^\n]*[^a-z]gr(?:ou)?p[^\n]*[0-9]{{5}}",
        ),
        # As a card has them: `ID W274918836 GRP 0882130-010`.
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z]{1,3}[0-9]{8,12}",
            0.7,
            label="id",
            after=r"(?=[ ,;]{1,3}gr(?:ou)?p[ :#])",
            hint=r"id[ :#]{1,3}[A-Z]{1,3}[0-9]{8,12}[ ,;]{1,3}gr(?:ou)?p",
        ),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z]{0,3}[0-9]{5,10}(?:-[0-9]{2,4})?",
            0.7,
            label="id[ :#]{1,3}[A-Z]{1,3}[0-9]{8,12}[ ,;]{1,3}gr(?:ou)?p",
        ),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z]{0,4}-?(?:[0-9]{4}-[0-9]{3,10}|[0-9]{5,12})",
            0.8,
            label="prior[ _-]?auth(?:orization)?|pre-?authorization|pre-?cert(?:ification)?",
            check=_no_date,
            why="a date",
        ),
        # Of Germany, § 290 SGB V: a letter and nine digits.
        Rule(
            "HEALTH_PLAN_NUMBER",
            "[A-Z][0-9]{9}",
            0.8,
            label="(?:kranken)?versicherten-?(?:nummer|nr)|krankenversicherungs-?(?:nummer|nr)|kvnr|kv-nr",
        ),
        # Of Ontario, British Columbia and Alberta.
        Rule("HEALTH_PLAN_NUMBER", "[0-9]{4}[ -]?[0-9]{3}[ -]?[0-9]{3}(?:[ -]?[A-Z]{2})?", 0.8, label="ohip"),
        Rule(
            "HEALTH_PLAN_NUMBER",
            "9[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}|[0-9]{5}-?[0-9]{4}",
            0.8,
            label="phn|personal health (?:care )?number",
        ),
        context=("insurance", "member", "subscriber", "policy", "beneficiary"),
    ),
    Rules(
        "us-mbi",
        Rule("US_MBI", _mbi("-"), 0.8, sure=True, cased=True),
        Rule("US_MBI", _mbi("-?"), 0.9, label="mbi|medicare|medicare (?:id|number|beneficiary)", sure=True),
        context=("medicare", "mbi", "beneficiary", "cms", "medicaid"),
    ),
    Rules(
        "us-npi",
        Rule(
            "US_NPI",
            "[12][0-9]{9}",
            0.95,
            label="npi|national provider identifier|provider (?:id|identifier|number)",
            check=checksums.npi,
            sure=True,
        ),
        context=("npi", "provider"),
    ),
    Rules(
        "us-dea",
        Rule(
            "MEDICAL_LICENSE",
            "[A-Z][A-Z9][0-9]{7}",
            0.95,
            label="dea|dea (?:registration|license)",
            check=checksums.dea,
            sure=True,
        ),
        Rule("MEDICAL_LICENSE", "[0-9]{2}D[0-9]{7}", 0.8, label="clia"),
        Rule(
            "MEDICAL_LICENSE",
            "[A-Z]{0,3}[-.]?[0-9]{4,10}",
            0.7,
            label="(?:medical|physician|nursing|rn|pharmacist|state)[ _-]licen[cs]e",
        ),
        # As Ohio writes them, `35.082193`.
        Rule("MEDICAL_LICENSE", r"(?:[A-Z]{2} )?[0-9]{2}\.[0-9]{6}", 0.9, label="licen[cs]e|lic"),
        context=("dea", "license", "medical", "certificate"),
    ),
    Rules(
        "udi",
        Rule(
            "UDI",
            r"\(01\)[0-9]{14}(?:\((?:11|17)\)[0-9]{6}|\((?:10|21)\)[A-Za-z0-9./_+-]{1,20}){0,4}",
            0.9,
            check=checksums.gtin,
            sure=True,
            before=r"(?<![0-9])",
            after="",
        ),
        context=("udi", "device", "implant"),
    ),
    Rules(
        "medical-device",
        Rule(
            "DEVICE_SERIAL",
            "[A-Z0-9]{2,32}(?:-[A-Z0-9]{1,12}){0,4}",
            0.7,
            label=rf"{_DEVICE}(?:[ ,:;(]{{1,3}}[A-Za-z0-9.+-]{{1,20}}){{0,6}}[ ,:;(]{{1,3}}(?:sn|s/n|serial)",
            check=lambda value: len(value) > 4 and len(checksums.digits(value)) > 3,
            hint=rf"{_DEVICE}[ ,:;(](?:[^\n]*[ ,:;(])?(?:sn|s/n|serial)[^a-z]",
            why="too few digits",
        ),
        Rule(
            "DEVICE_SERIAL",
            "[A-Z]{1,4}[0-9]{5,9}[A-Z]{0,2}",
            0.6,
            cased=True,
            label="[Ss]erial ?(?:#|[Nn](?:o|r|um|umber))|SERIAL ?(?:#|NO|NUMBER)|S/?N",
            check=_serial,
            why="hexadecimal",
        ),
        context=("device", "implant", "serial"),
    ),
)


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """All of this module's; none of them depends on a country that is named."""
    return (*_RULES, *dicom.recognizers())
