"""National numbers of persons, and of the businesses of persons, by python-stdnum's check digits.

Owns: one table, one row a number. Every number is looked for where a text says what it is; without such a
word only where shape and check digit together say enough, or where the user names its country: then a
number that holds is a weak finding, which counts when a word of its row stands near.

Where Presidio has a recognizer of its own, mostly off by default, the entity bears Presidio's name.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from typing import NamedTuple

from cecil.sanitizer.detectors import Recognizer, checksums
from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.detectors.sums import FORMS, SUMS, Sum

_WEAK = 0.3


class Number(NamedTuple):
    """A row of the table.

    Attributes:
        country: ISO 3166-1 code, lower case.
        entity: its name.
        shape: a regular expression, case ignored.
        module: of python-stdnum, below `stdnum.`, or a name of `_OWN`; empty where the number has no check
            digit.
        words: phrases that say what follows, `, ` between them; a blank stands for any separator.
        written: the shape in which it is safe to take without any word; empty where there is none.
    """

    country: str
    entity: str
    shape: str
    module: str
    words: str
    written: str = ""


_D9 = "[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}"
_D10 = "[0-9]{10}"
_D11 = "[0-9]{11}"
_D13 = "[0-9]{13}"
_BIRTH = "[0-9]{2}[01235678][0-9][0-3][0-9]"

NUMBERS = tuple(
    Number(*row)
    for row in (
        # Americas
        (
            "ca",
            "CA_SIN",
            _D9,
            "ca.sin",
            "sin, sin number, social insurance number, social insurance, nas, assurance sociale",
        ),
        (
            "mx",
            "MX_CURP",
            "[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9]",
            "mx.curp",
            "curp",
            "[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9]",
        ),
        ("mx", "MX_RFC", "[A-Z&]{3,4}[0-9]{6}[A-Z0-9]{3}", "mx.rfc", "rfc, registro federal"),
        (
            "br",
            "BR_CPF",
            r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}",
            "br.cpf",
            "cpf",
            r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
        ),
        (
            "br",
            "BR_CNPJ",
            r"[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}",
            "br.cnpj",
            "cnpj",
            r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}",
        ),
        ("ar", "AR_CUIT", "[0-9]{2}-?[0-9]{8}-?[0-9]", "ar.cuit", "cuit, cuil", "[23][0-9]-[0-9]{8}-[0-9]"),
        ("ar", "AR_DNI", r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}", "ar.dni", "dni"),
        (
            "cl",
            "CL_RUT",
            r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9K]",
            "cl.rut",
            "rut, run",
            r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]",
        ),
        ("co", "CO_NIT", r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]", "co.nit", "nit"),
        ("pe", "PE_CUI", "[0-9]{8}-?[0-9A-K]", "pe.cui", "cui, dni"),
        ("ec", "EC_CI", "[0-9]{9}-?[0-9]", "ec.ci", "cedula, cédula"),
        ("uy", "UY_RUT", "[0-9]{12}", "uy.rut", "rut, ruc"),
        ("ve", "VE_RIF", "[VEJPG]-?[0-9]{8}-?[0-9]", "ve.rif", "rif"),
        ("do", "DO_CEDULA", "[0-9]{3}-?[0-9]{7}-?[0-9]", "do.cedula", "cedula, cédula"),
        # Europe
        (
            "uk",
            "UK_NINO",
            "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{1,2} ?[0-9]{1,2} ?[0-9]{1,2} ?[A-D]",
            "uk.nino",
            "nino, ni, ni number, national insurance, national insurance number",
            "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]",
        ),
        ("uk", "UK_UTR", "[0-9]{10}K?", "gb.utr", "utr, unique taxpayer reference"),
        (
            "uk",
            "UK_TRN",
            "[0-9]{2} ?[A-Z] ?[0-9]{3} ?[0-9]{2}",
            "",
            "trn, temporary reference, paye temp number",
        ),
        ("ie", "IE_PPS", "[0-9]{7}[A-W][AHW]?", "ie.pps", "pps, ppsn, pps number, personal public service"),
        (
            "de",
            "DE_TAX_ID",
            "[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
            "de.idnr",
            (
                "steuer id, steueridnr, steuer identifikationsnummer, steueridentifikationsnummer, idnr"
                ", tin, identifikationsnummer"
            ),
        ),
        (
            "de",
            "DE_TAX_NUMBER",
            "[0-9]{2,3}/[0-9]{3}/[0-9]{4,5}|[0-9]{13}",
            "de.stnr",
            "steuernummer, st nr, steuer nr",
        ),
        ("de", "DE_VAT_ID", "DE ?[0-9]{9}", "", "ust idnr, ust id, ust idnummer, umsatzsteuer id"),
        (
            "fr",
            "FR_NIR",
            "[1-478][ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9][0-9AB][ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2}",
            "fr.nir",
            "nir, insee, sécurité sociale, securite sociale, sécu, secu",
            "[12] [0-9]{2} [0-9]{2} [0-9][0-9AB] [0-9]{3} [0-9]{3} [0-9]{2}",
        ),
        (
            "fr",
            "FR_TIN",
            "[0-3][0-9] ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
            "fr.nif",
            "nif, spi, numero fiscal, numéro fiscal",
        ),
        ("es", "ES_NIF", "[0-9]{8}-?[A-Z]", "es.dni", "dni, nif, documento nacional"),
        ("es", "ES_NIE", "[XYZ]-?[0-9]{7}-?[A-Z]", "es.nie", "nie, extranjero"),
        (
            "es",
            "ES_CCC",
            "[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{10}",
            "es.ccc",
            "ccc, cuenta cliente, cuenta bancaria, numero de cuenta, número de cuenta",
        ),
        (
            "it",
            "IT_FISCAL_CODE",
            "[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
            "it.codicefiscale",
            "codice fiscale, cf, fiscal code",
            "[A-Z]{6}[0-9]{2}[ABCDEHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]",
        ),
        ("it", "IT_VAT_CODE", f"(?:IT ?)?{_D11}", "it.iva", "partita iva, p iva, piva"),
        (
            "pt",
            "PT_NIF",
            f"(?:PT ?)?{_D9}",
            "pt.nif",
            "nif, contribuinte, numero de contribuinte, número de contribuinte",
        ),
        (
            "pt",
            "PT_CC",
            "[0-9]{8} ?[0-9] ?[A-Z0-9]{2}[0-9]",
            "pt.cc",
            "cartao de cidadao, cartão de cidadão",
        ),
        (
            "nl",
            "NL_BSN",
            r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}|[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}",
            "nl.bsn",
            "bsn, burgerservicenummer, sofinummer",
        ),
        (
            "be",
            "BE_NN",
            "[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[ -]?[0-9]{3}[. ]?[0-9]{2}",
            "be.nn",
            "rijksregisternummer, numero national, numéro national, registre national, nrn, insz, niss",
            r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        ),
        (
            "ch",
            "CH_AHV",
            r"756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}",
            "ch.ssn",
            "ahv, avs, ahv nummer, sozialversicherungsnummer, navs",
            r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}",
        ),
        (
            "at",
            "AT_VNR",
            "[0-9]{4}[ -]?[0-9]{6}",
            "at.vnr",
            "sozialversicherungsnummer, svnr, sv nummer, versicherungsnummer",
        ),
        (
            "se",
            "SE_PERSONNUMMER",
            "(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4}",
            "se.personnummer",
            "personnummer, personnr, samordningsnummer, pnr",
        ),
        (
            "no",
            "NO_FODSELSNUMMER",
            "[0-9]{6} ?[0-9]{5}",
            "no.fodselsnummer",
            "fødselsnummer, fodselsnummer, fodselsnr, personnummer, fnr",
        ),
        ("dk", "DK_CPR", "[0-9]{6}-?[0-9]{4}", "dk.cpr", "cpr, cpr nummer, personnummer"),
        (
            "fi",
            "FI_PERSONAL_IDENTITY_CODE",
            "[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]",
            "fi.hetu",
            "hetu, henkilötunnus, henkilotunnus, personbeteckning, sotu",
        ),
        ("is", "IS_KENNITALA", "[0-9]{6}-?[0-9]{4}", "is_.kennitala", "kennitala"),
        ("pl", "PL_PESEL", _D11, "pl.pesel", "pesel"),
        ("pl", "PL_NIP", "(?:PL ?)?[0-9]{3}-?[0-9]{2,3}-?[0-9]{2}-?[0-9]{2,3}", "pl.nip", "nip"),
        (
            "cz",
            "CZ_RC",
            f"{_BIRTH}/?[0-9]{{3,4}}",
            "cz.rc",
            "rodne cislo, rodné číslo, rc, rč, RČ",
        ),
        ("sk", "SK_RC", f"{_BIRTH}/?[0-9]{{3,4}}", "sk.rc", "rodne cislo, rodné číslo, rc, rč, RČ"),
        ("ro", "RO_CNP", _D13, "ro.cnp", "cnp, cod numeric personal"),
        ("bg", "BG_EGN", _D10, "bg.egn", "egn, егн, ЕГН"),
        ("hr", "HR_OIB", f"(?:HR ?)?{_D11}", "hr.oib", "oib"),
        # All of Yugoslavia had it, and its other countries still call it so.
        ("si", "SI_EMSO", _D13, "si.emso", "emso, emšo, EMŠO, jmbg, jmb, јмбг, ЈМБГ"),
        ("si", "SI_DDV", "(?:SI ?)?[0-9]{4} ?[0-9]{4}", "si.ddv", "davcna stevilka, davčna številka"),
        ("hu", "HU_TAX", "(?:HU[ -]?)?[0-9]{8}", "hu.anum", "adószám, adoszam"),
        ("ee", "EE_IK", _D11, "ee.ik", "isikukood, ik"),
        ("lt", "LT_ASMENS", _D11, "lt.asmens", "asmens kodas, asmens kods"),
        ("lv", "LV_PK", "[0-9]{6}-?[0-9]{5}", "lv.pvn", "personas kods, pk"),
        ("gr", "GR_AMKA", _D11, "gr.amka", "amka, αμκα, ΑΜΚΑ"),
        ("gr", "GR_AFM", f"(?:EL ?)?{_D9}", "gr.vat", "afm, αφμ, ΑΦΜ"),
        ("tr", "TR_NATIONAL_ID", _D11, "tr.tckimlik", "tckn, tc kimlik, kimlik no, t c kimlik, kimlik"),
        ("ru", "RU_INN", "[0-9]{10}(?:[0-9]{2})?", "ru.inn", "inn, инн, ИНН"),
        ("ua", "UA_RNTRC", _D10, "ua.rntrc", "rntrc, rnokpp, рнокпп, РНОКПП"),
        (
            "eu",
            "EU_VAT",
            "[A-Z]{2} ?[0-9A-Z]{2,3} ?[0-9A-Z]{3,4} ?[0-9A-Z]{2,6}",
            "eu.vat",
            "vat, vat id, vat number, vat reg, uid, tva, btw, iva, moms",
        ),
        # Africa and Asia
        ("za", "ZA_ID_NUMBER", _D13, "za.idnr", "sa id, rsa id, id number, id no, identity number"),
        ("il", "IL_ID", "[0-9]{7,8}-?[0-9]", "il.idnr", "teudat zehut, mispar zehut, israeli id, תעודת זהות"),
        (
            "in",
            "IN_AADHAAR",
            "[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}",
            "in_.aadhaar",
            "aadhaar, aadhar, uidai, aadhaar number",
        ),
        ("in", "IN_PAN", "[A-Z]{5}[0-9]{4}[A-Z]", "in_.pan", "pan, pan card, permanent account"),
        (
            "in",
            "IN_GSTIN",
            "[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]",
            "in_.gstin",
            "gstin, gst",
            "[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]",
        ),
        ("in", "IN_VOTER", "[A-Z]{3}[0-9]{7}", "in_.epic", "epic, voter id, voter card, elector"),
        ("pk", "PK_CNIC", "[0-9]{5}-?[0-9]{7}-?[0-9]", "pk.cnic", "cnic, nadra"),
        (
            "cn",
            "CN_RIC",
            "[1-9][0-9]{16}[0-9X]",
            "cn.ric",
            "身份证, 身份证号, 身份证号码, 身份号码, 公民身份号码, resident identity, shenfenzheng",
            "[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]",
        ),
        ("cn", "CN_PASSPORT", "[DEGPS][0-9]{8}", "", "护照, 护照号码"),
        (
            "kr",
            "KR_RRN",
            f"{_BIRTH}-?[0-9]{{7}}",
            "kr.rrn",
            "rrn, 주민등록번호, 주민번호, jumin, jumin no, resident registration",
        ),
        ("kr", "KR_BRN", "[0-9]{3}-[0-9]{2}-[0-9]{5}", "kr.brn", "brn, 사업자등록번호"),
        (
            "jp",
            "JP_MY_NUMBER",
            "[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
            "jp.in_",
            "my number, mynumber, マイナンバー, 個人番号",
        ),
        ("sg", "SG_NRIC_FIN", "[STFGM][0-9]{7}[A-Z]", "sg.nric", "nric, fin, nric number, fin number"),
        (
            "hk",
            "HK_ID",
            r"[A-Z]{1,2} ?[0-9]{6} ?\(?[0-9A]\)?",
            "hk.hkid",
            "hkid, hong kong id, hk id, 香港身份證",
        ),
        ("sg", "SG_UEN", "[0-9]{8,9}[A-Z]|[TRS][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]", "sg.uen", "uen"),
        (
            "my",
            "MY_NRIC",
            f"{_BIRTH}-?[0-9]{{2}}-?[0-9]{{4}}",
            "my.nric",
            "nric, mykad, ic number, kad pengenalan",
        ),
        (
            "th",
            "TH_TNIN",
            "[1-8]-?[0-9]{4}-?[0-9]{5}-?[0-9]{2}-?[0-9]",
            "th.pin",
            "thai id, เลขประจำตัวประชาชน, national id",
            "[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]",
        ),
        ("id", "ID_NIK", "[0-9]{16}", "id.nik", "nik, ktp"),
        ("tw", "TW_UBN", "[0-9]{8}", "tw.ubn", "ubn, 統一編號"),
        # Oceania
        (
            "au",
            "AU_MEDICARE",
            "[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ /-]?[1-9])?",
            "au.medicare",
            "medicare, medicare number, medicare card",
        ),
        (
            "au",
            "AU_TFN",
            "[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{2,3}",
            "au.tfn",
            "tfn, tax file, tax file number",
        ),
        (
            "au",
            "AU_ABN",
            "[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
            "au.abn",
            "abn, business number, australian business number",
        ),
        (
            "au",
            "AU_ACN",
            "[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
            "au.acn",
            "acn, company number, australian company number",
        ),
        ("nz", "NZ_IRD", "[0-9]{2,3}-?[0-9]{3}-?[0-9]{3}", "nz.ird", "ird, ird number"),
    )
)
"""Shapes and words are written from the documentation of https://arthurdejong.org/python-stdnum/doc/2.2/"""


def _ric(value: str) -> bool:
    """China's resident identity card. The library fails at a place that it knows by half: that may be one."""
    from stdnum.cn import ric

    try:
        return bool(ric.is_valid(value))
    except KeyError:
        return True


_OWN = {
    "cn.ric": _ric,
    "au.medicare": checksums.medicare,
    "hk.hkid": checksums.hkid,
    "sg.nric": checksums.nric,
    "uk.nino": checksums.nino,
}
"""What python-stdnum does not have, or fails at."""


@lru_cache(maxsize=128)
def _module(name: str) -> Callable[[str], bool]:
    valid: Callable[[str], bool] = _OWN.get(name) or import_module(f"stdnum.{name}").is_valid
    return valid


def _check(module: str) -> Callable[[str], bool] | None:
    if not module:
        return None

    separators = {} if module in _WRITTEN else _SEPARATORS

    def holds(value: str) -> bool:
        return _module(module)(value.translate(separators))

    return holds


_SEPARATORS = str.maketrans("", "", " .-/")
_WRITTEN = frozenset({"fi.hetu"})
"""Modules to which a separator says something: the century."""


_UNCHECKED = frozenset({"ar.dni", "de.stnr", "in_.pan", "kr.brn", "pk.cnic"})
"""Those of the library's modules that know a form, and no check digit."""


def checks() -> dict[str, Callable[[str], bool]]:
    """By entity, whether a text is such a number, its check digit right; those without one are left out."""
    return {
        number.entity: _holds(number)
        for number in NUMBERS
        if number.module and number.module not in _UNCHECKED
    }


_OF_ENTITY = {number.entity: number for number in NUMBERS}


@cache
def _form(entity: str) -> Callable[[str], bool]:
    return _holds(_OF_ENTITY[entity])


def holds(entity: str, value: str) -> bool:
    """Whether a text is such a number, its check digit right where there is one."""
    return _form(entity)(value)


def sums() -> dict[str, Sum]:
    """By entity, what every such number has that is valid: its sum, or its form; where one is known."""
    known = SUMS | FORMS
    return {number.entity: known[number.module] for number in NUMBERS if number.module in known}


def _holds(number: Number) -> Callable[[str], bool]:
    form = re.compile(number.shape, re.IGNORECASE)
    check = _check(number.module)

    def holds(value: str) -> bool:
        return form.fullmatch(value) is not None and (check is None or check(value))

    return holds


_BETWEEN = (
    "(?:[ _-](?:nº|n°|№|n(?:ú|u)mero|nummer|nr|no|number|numaras(?:ı|i)"
    "|d[oae]s? (?:cliente|titular|paciente|contribuinte)|cliente|клиента))?"
)
"""What may stand between the word and the number: `CPF nº`, `CPF do cliente`, `BSN-nummer`."""


def _recognizer(number: Number, named: bool) -> Rules:
    phrases = number.words.split(", ")
    check = _check(number.module)
    rules = [
        Rule(
            number.entity,
            number.shape,
            0.9,
            label=f"(?:{'|'.join(phrase.replace(' ', '[ _-]?') for phrase in phrases)}){_BETWEEN}",
            check=check,
            sure=bool(number.module),
        )
    ]
    if number.written:
        rules.append(
            Rule(number.entity, number.written, 0.7, check=check, sure=bool(number.module), cased=True)
        )
    if named:
        rules.append(Rule(number.entity, number.shape, _WEAK, check=check, sure=bool(number.module)))
    name = number.entity.lower().replace("_", "-")
    return Rules(name, *rules, context=tuple(dict.fromkeys(" ".join(phrases).split())))


COUNTRIES = frozenset(number.country for number in NUMBERS)
"""What can be named."""


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """One for each number.

    Args:
        countries: ISO 3166-1 codes in lower case (`uk` and `eu` too), whose numbers count without a label
            when a word of theirs stands near, or in the key.
    """
    return tuple(_recognizer(number, number.country in countries) for number in NUMBERS)
