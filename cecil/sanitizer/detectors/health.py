"""Numbers of patients, their health plans, and those who treat them."""

from cecil.sanitizer.detectors import Recognizer, checksums
from cecil.sanitizer.detectors.rules import Rule, Rules

_ID = "[A-Z]{0,6}[-_]?[0-9]{3}[A-Z0-9]{0,32}(?:-[A-Z0-9]{1,12}){0,4}"
_GROUPS = "[0-9]{2,4}(?: [0-9]{1,4}){2,5}"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# Position by position; the letters S, L, O, I, B and Z are left out.
# https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-format.pdf
_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[AC-HJKMNP-RT-Y0-9]"


def _mbi(dash: str) -> str:
    return f"[1-9]{_LETTER}{_EITHER}[0-9]{dash}{_LETTER}{_EITHER}[0-9]{dash}{_LETTER}{_LETTER}[0-9][0-9]"


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
        "dicom",
        # Attributes of a picture, as tools print them: DICOM PS3.6, chapter 6.
        Rule(
            "PERSON",
            r"[A-Z][A-Za-z' .-]{0,60}(?:\^[A-Za-z' .-]{0,60}){0,4}",
            0.9,
            cased=True,
            label=r"\(0010,(?:0010|1001|1005|1060)\) PN|\(0008,(?:0090|1048|1050|1070)\) PN",
            after=r"(?![\w^])",
        ),
        Rule(
            "MEDICAL_RECORD_NUMBER",
            "[A-Z0-9][A-Z0-9._-]{1,63}",
            0.9,
            label=r"\(0010,(?:0020|1000)\) LO|\(0008,0050\) SH",
        ),
        Rule("DATE_OF_BIRTH", "[0-9]{8}", 0.9, label=r"\(0010,0030\) DA"),
        Rule("STREET_ADDRESS", r"[A-Z0-9][A-Z0-9 ,.'#-]{2,63}", 0.9, label=r"\(0010,1040\) LO"),
        Rule("PHONE_NUMBER", r"[0-9+(][0-9 ()+.-]{5,20}", 0.9, label=r"\(0010,2154\) SH"),
    ),
)


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """All of this module's; none of them depends on a country that is named."""
    return _RULES
