"""Checksum vectors: valid and invalid numbers of many types, each after its name, and how many are taken."""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from tests.bench.finders import Finder
from tests.bench.judging import covered, luhn
from tests.bench.labelled import Label, lines

_CHECKED = {
    "CreditCard": ("CREDIT_CARD", "card number"),
    "luhn_checksum": ("CREDIT_CARD", "card number"),
    "IBANCheckDigit": ("IBAN_CODE", "IBAN"),
    "iban_checker": ("IBAN_CODE", "IBAN"),
    "ABANumberCheckDigit": ("ABA_ROUTING_NUMBER", "routing number"),
    "aba_rtn_checksum": ("ABA_ROUTING_NUMBER", "routing number"),
    "InetAddress": ("IP_ADDRESS", "address"),
    "InetAddress.Inet6Address": ("IP_ADDRESS", "address"),
    "Email": ("EMAIL_ADDRESS", "e-mail"),
    "btc_checksum": ("CRYPTO", "wallet"),
    "ethereum_checksum": ("CRYPTO", "wallet"),
    "monero_address": ("CRYPTO", "wallet"),
    "github_token_checksum": ("SECRET", "token"),
    "atlassian_token_checksum": ("SECRET", "token"),
    "nhs_check_digit": ("UK_NHS", "NHS number"),
    "us_dea_checksum": ("MEDICAL_LICENSE", "DEA number"),
    "us_npi_checksum": ("US_NPI", "NPI"),
    "uk_nino_format_check": ("UK_NINO", "national insurance number"),
    "australian_medicare_checksum": ("AU_MEDICARE", "medicare number"),
    "australian_tfn_checksum": ("AU_TFN", "tax file number"),
    "austrian_ssn_checksum": ("AT_SSN", "Sozialversicherungsnummer"),
    "belgium_national_register_checksum": ("BE_NN", "national register number"),
    "brazilian_cnpj_checksum": ("BR_CNPJ", "CNPJ"),
    "brazilian_cpf_checksum": ("BR_CPF", "CPF"),
    "bulgarian_egn_checksum": ("BG_EGN", "EGN"),
    "czech_tin_checksum": ("CZ_TIN", "DIC"),
    "rodne_cislo_checksum": ("CZ_RC", "rodne cislo"),
    "estonia_personal_code_checksum": ("EE_IK", "isikukood"),
    "france_ssn_checksum": ("FR_NIR", "numero de securite sociale"),
    "nir_checksum": ("FR_NIR", "numero de securite sociale"),
    "greece_amka_checksum": ("GR_AMKA", "AMKA"),
    "greece_tin_checksum": ("GR_AFM", "AFM"),
    "hungarian_tin_checksum": ("HU_TIN", "adoszam"),
    "irish_pps_checksum": ("IE_PPS", "PPS number"),
    "italian_national_id_checksum": ("IT_FISCAL_CODE", "codice fiscale"),
    "lithuanian_personal_identification_number_checksum": ("LT_ASMENS", "asmens kodas"),
    "polish_national_id_checksum": ("PL_PESEL", "PESEL"),
    "polish_nip_checksum": ("PL_NIP", "NIP"),
    "portuguese_tax_id_checksum": ("PT_NIF", "NIF"),
    "romanian_personal_numeric_code": ("RO_CNP", "CNP"),
    "singapore_nric_checksum": ("SG_NRIC_FIN", "NRIC"),
    "slovenia_tin_checksum": ("SI_DDV", "davcna stevilka"),
    "slovenian_pin_checksum": ("SI_EMSO", "EMSO"),
    "spain_dni_checksum": ("ES_NIF", "DNI"),
    "sweden_pin_checksum": ("SE_PERSONNUMMER", "personnummer"),
    "uk_trn_checksum": ("UK_UTR", "tax reference number"),
    "coordination_number_checksum": ("SE_PERSONNUMMER", "samordningsnummer"),
}
"""Types of number that could stand in a log, with what a log would call them; the rest (ISBN, CUSIP, ...)
are nobody's."""


class Vectors(NamedTuple):
    """One type of number: valid and invalid values, and how many of each were taken."""

    type: str
    valid: int
    taken: int
    invalid: int
    wrongly: int


def vectors(finder: Finder, data: Path) -> list[Vectors]:
    """Each value after its name (`NHS number ...`): taken whole, by any kind, or by its own where it is invalid."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for path in sorted((data / "validator_vectors").glob("*.jsonl.gz")):
        for row in lines(path):
            name = row["type"].removeprefix("checkdigit.")
            if name not in _CHECKED or not row["value"].strip():
                continue
            kind, called = _CHECKED[name]
            lead = f"{called} "
            if kind == "CREDIT_CARD" and row["valid"] and not luhn(re.sub(r"\D", "", row["value"])):
                continue  # that validator was asked for its shape only
            hits = finder.find(lead + row["value"])
            counts = tally[name]
            if row["valid"]:
                counts[0] += 1
                counts[1] += covered(Label(len(lead), len(lead + row["value"]), kind), hits)
            else:
                counts[2] += 1
                counts[3] += covered(
                    Label(len(lead), len(lead + row["value"]), kind), [h for h in hits if h.entity == kind]
                )
    return [Vectors(name, *counts) for name, counts in sorted(tally.items())]
