"""National numbers: each row of the table with a number that its country, or python-stdnum, gives as an example."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from cecil.errors import DetectorError
from cecil.leaktest import values
from cecil.sanitizer.detectors import checksums, national
from cecil.sanitizer.detectors.national import NUMBERS, Number
from cecil.sanitizer.detectors.sums import FORMS, OTHERS, SUMS
from tests.spotting import LEAST, Spotter

ROWS = {number.entity: number for number in NUMBERS}


@pytest.fixture(scope="module")
def default() -> Spotter:
    return Spotter(national.recognizers())


@pytest.fixture(scope="module")
def everywhere() -> Spotter:
    return Spotter(national.recognizers(national.COUNTRIES))


def labelled(number: Number, value: str) -> list[str]:
    return [f"{word.upper()}: {value}" for word in number.words.split(", ")]


EXAMPLES = [
    ("CA_SIN", "123-456-782", "123-456-780"),
    ("MX_CURP", "BOXW310820HNERXN09", "BOXW310820HNERXN00"),
    ("MX_RFC", "GODE561231GR8", "GODE561232GR8"),
    ("BR_CPF", "390.533.447-05", "390.533.447-00"),
    ("BR_CNPJ", "16.727.230/0001-97", "16.727.230/0001-90"),
    ("AR_CUIT", "20-05536168-2", "20-05536168-0"),
    ("AR_DNI", "20.123.456", "20.123.4567"),
    ("CL_RUT", "76086428-5", "76086428-0"),
    ("CO_NIT", "213.123.432-1", "213.123.432-0"),
    ("PE_CUI", "10117410-2", "10117410-0"),
    ("EC_CI", "171430710-3", "171430710-0"),
    ("UY_RUT", "211003420017", "211003420010"),
    ("VE_RIF", "V-11470283-4", "V-11470283-0"),
    ("DO_CEDULA", "00113918205", "00113918200"),
    ("UK_UTR", "1955839661", "1955839662"),
    ("IE_PPS", "6433435F", "6433435A"),
    ("DE_TAX_ID", "36 574 261 809", "36 574 261 800"),
    ("DE_TAX_NUMBER", "201/123/12340", "20/12/123"),
    ("FR_NIR", "2 95 10 99 126 111 93", "2 95 10 99 126 111 90"),
    ("FR_TIN", "3023217600053", "3023217600050"),
    ("ES_NIF", "54362315-K", "54362315-A"),
    ("ES_NIE", "x-2482300w", "x-2482300A"),
    ("ES_CCC", "1234-1234-16 1234567890", "1234-1234-16 1234567891"),
    ("IT_FISCAL_CODE", "RCCMNL83S18D969H", "RCCMNL83S18D969A"),
    ("IT_VAT_CODE", "IT 00743110157", "IT 00743110150"),
    ("PT_NIF", "PT 501 964 843", "PT 501 964 840"),
    ("PT_CC", "00000000 0 ZZ4", "00000000 0 ZZ0"),
    ("NL_BSN", "1112.22.333", "1112.22.330"),
    ("BE_NN", "85 07 30 033 28", "85 07 30 033 20"),
    ("CH_AHV", "7569217076985", "7569217076980"),
    ("AT_VNR", "1237 010180", "1237 010181"),
    ("SE_PERSONNUMMER", "880320-0016", "880320-0010"),
    ("NO_FODSELSNUMMER", "151086 95088", "151086 95080"),
    ("DK_CPR", "211062-5629", "211032-5629"),
    ("FI_PERSONAL_IDENTITY_CODE", "131052-308T", "131052-308A"),
    ("IS_KENNITALA", "450401-3150", "450401-3151"),
    ("PL_PESEL", "44051401359", "44051401350"),
    ("PL_NIP", "PL 8567346215", "PL 8567346210"),
    ("CZ_RC", "710319/2745", "710319/2740"),
    ("SK_RC", "710319/2745", "710319/2740"),
    ("RO_CNP", "1630615123457", "1630615123450"),
    ("BG_EGN", "8032056031", "8032056030"),
    ("HR_OIB", "HR 33392005961", "HR 33392005960"),
    ("SI_EMSO", "0101006500006", "0101006500000"),
    ("SI_DDV", "SI 5022 3054", "SI 5022 3050"),
    ("HU_TAX", "HU-12892312", "HU-12892310"),
    ("EE_IK", "36805280109", "36805280100"),
    ("LT_ASMENS", "33309240064", "33309240060"),
    ("LV_PK", "161175-19997", "161175-19990"),
    ("GR_AMKA", "01013099997", "01013099990"),
    ("GR_AFM", "094259216", "094259217"),
    ("TR_NATIONAL_ID", "17291716060", "17291716061"),
    ("RU_INN", "123456789047", "123456789040"),
    ("UA_RNTRC", "1759013776", "1759013770"),
    ("EU_VAT", "BE697449992", "BE697449990"),
    ("ZA_ID_NUMBER", "7503305044089", "7503305044080"),
    ("IL_ID", "3933742-3", "3933742-0"),
    ("IN_AADHAAR", "234123412346", "234123412340"),
    ("IN_PAN", "ACUPA7085R", "ACUDA7085R"),
    ("IN_GSTIN", "27AAPFU0939F1ZV", "27AAPFU0939F1ZA"),
    ("IN_VOTER", "WKH1186253", "WKH1186250"),
    ("PK_CNIC", "34201-0891231-8", "34201-0891231-0"),
    ("CN_RIC", "360426199101010071", "360426199101010070"),
    ("KR_RRN", "971013-9019902", "971013-9019900"),
    ("KR_BRN", "116-82-00276", "016-82-00276"),
    ("JP_MY_NUMBER", "6214 9832 0257", "6214 9832 0250"),
    ("SG_UEN", "00192200M", "00192200A"),
    ("MY_NRIC", "770305-02-1234", "770305-00-1234"),
    ("TH_TNIN", "3100600445635", "3100600445630"),
    ("ID_NIK", "3171011708450001", "3171011700450001"),
    ("TW_UBN", "00501503", "00501500"),
    ("AU_TFN", "123 456 782", "123 456 780"),
    ("AU_ABN", "83 914 571 673", "83 914 571 670"),
    ("AU_ACN", "004 085 616", "004 085 610"),
    ("NZ_IRD", "49098576", "49098570"),
    ("UK_NINO", "AB 12 34 56 C", "DB 12 34 56 C"),
    ("UK_TRN", "11 A 12345", "11 A 1234"),
    ("DE_VAT_ID", "DE 123456789", "DE 12345678"),
    ("CN_PASSPORT", "D12345678", "K12345678"),
    ("SG_NRIC_FIN", "S6859080I", "S6859080J"),
    ("HK_ID", "A123456(3)", "A123456(4)"),
    ("AU_MEDICARE", "6216795759", "6216795769"),
]


@pytest.mark.parametrize(("entity", "right", "wrong"), EXAMPLES)
def test_number(default: Spotter, everywhere: Spotter, entity: str, right: str, wrong: str) -> None:
    number = ROWS[entity]
    for text in (
        f"{number.words.split(', ')[0]}: {right}",
        f"the {number.words.split(', ')[-1]} is {right}.",
    ):
        assert (entity, right) in default.said(text)
    assert entity not in {name for name, _ in default.said(f"{number.words.split(', ')[0]}: {wrong}")}
    # Without its word: taken only where the row says that its shape is enough.
    alone = (entity, right) in default.said(f"x {right} y")
    assert not alone or number.written
    # With its country named: a finding that waits for a word of its row.
    weak = [span for span in everywhere.spans(f"x {right} y") if span.entity == entity]
    assert weak and any(span.score < LEAST for span in weak)
    recognizer = next(one for one in everywhere.recognizers if one.name == entity.lower().replace("_", "-"))
    assert set(recognizer.context) >= set(number.words.split(", ")[0].split())


def test_every_row_has_an_example() -> None:
    assert [entity for entity, *_ in EXAMPLES if entity not in ROWS] == []
    assert ROWS.keys() == {entity for entity, *_ in EXAMPLES}
    assert len(ROWS) == len(NUMBERS)


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("o CPF de 390.533.447-05", "BR_CPF", "390.533.447-05"),
        ("cliente 390.533.447-05 pagou", "BR_CPF", "390.533.447-05"),
        ("cliente 39053344705 pagou", "BR_CPF", None),
        ("empresa 16.727.230/0001-97", "BR_CNPJ", "16.727.230/0001-97"),
        ("AHV 756.9217.0769.85", "CH_AHV", "756.9217.0769.85"),
        ("saw 756.9217.0769.85", "CH_AHV", "756.9217.0769.85"),
        ("id 360426199101010071", "CN_RIC", "360426199101010071"),
        ("id 360426199101010072", "CN_RIC", None),
        ("公民身份号码 360426199101010071", "CN_RIC", "360426199101010071"),
        ("中华人民共和国护照 D12345678", "CN_PASSPORT", "D12345678"),
        ("code RCCMNL83S18D969H", "IT_FISCAL_CODE", "RCCMNL83S18D969H"),
        ("code rccmnl83s18d969h", "IT_FISCAL_CODE", None),
        ("2 95 10 99 126 111 93", "FR_NIR", "2 95 10 99 126 111 93"),
        ("at 295109912611193", "FR_NIR", None),
        ("SIN: 123-456-782", "CA_SIN", "123-456-782"),
        ("business number: 83 914 571 673.", "AU_ABN", "83 914 571 673"),
        ("aadhaar number 2341 2341 2346", "IN_AADHAAR", "2341 2341 2346"),
        ("My NI number is AB 12 34 56 C", "UK_NINO", "AB 12 34 56 C"),
        ("build AB123456C", "UK_NINO", None),
        ("nino: NT 12 34 56 C", "UK_NINO", None),
        ("USt-IdNr.: DE123456789", "DE_VAT_ID", "DE123456789"),
        ("sine: 123456782", "CA_SIN", None),
        ("using 123456782", "CA_SIN", None),
        ("span: ACUPA7085R", "IN_PAN", None),
        ("epoch 1700000000000", "ZA_ID_NUMBER", None),
    ],
)
def test_with_and_without_a_word(default: Spotter, text: str, entity: str, value: str | None) -> None:
    said = default.said(text)
    if value is None:
        assert entity not in {name for name, _ in said}
    else:
        assert (entity, value) in said


@pytest.mark.parametrize("value", ["M9612050P", "F5221211K", "T1680536F", "g3970684p"])
def test_all_kinds_of_nric(default: Spotter, value: str) -> None:
    assert default.said(f"NRIC {value}") == {("SG_NRIC_FIN", value)}


def test_a_place_that_the_library_knows_by_half_may_be_one(default: Spotter) -> None:
    """Its table of places has rows without a county, at which python-stdnum fails."""
    assert default.said("身份证 110002194912310025") == {("CN_RIC", "110002194912310025")}


def test_a_country_that_is_named_leaves_the_others_alone() -> None:
    poland = Spotter(national.recognizers(frozenset({"pl"})))
    assert {span.entity for span in poland.spans("x 44051401359 y")} == {"PL_PESEL"}


def test_a_library_that_fails_is_no_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    import stdnum.pl.pesel

    def broken(value: str) -> Any:
        raise KeyError(value)

    monkeypatch.setattr(stdnum.pl.pesel, "is_valid", broken)
    national._module.cache_clear()
    try:
        with pytest.raises(DetectorError, match=r"^the check of PL_PESEL failed with KeyError$"):
            Spotter(national.recognizers()).spans("PESEL 44051401359")
    finally:
        national._module.cache_clear()


SUMMED = sorted(number.entity for number in NUMBERS if number.module in SUMS)
SORTS = {sort.kind: sort for sort in values.sorts()}


@pytest.mark.parametrize("entity", SUMMED)
def test_a_sum_is_true_of_all_that_the_library_takes_and_false_of_most_others(entity: str) -> None:
    """python-stdnum's own word is the reference: what it takes adds up, and so what does not add up it refuses."""
    adds_up, valid = national.sums()[entity], national.checks()[entity]
    chance = Random(entity)
    for _ in range(30):
        text = SORTS[entity].value(chance).core
        assert adds_up(characters(text)) and adds_up(characters(text.lower())), text
    right = re.sub(r"^[A-Z]{2}[ -]", "", next(row[1] for row in EXAMPLES if row[0] == entity))
    assert valid(right)
    places = [place for place, one in enumerate(right) if one.isdigit()]
    changed = [
        right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
        for place in places
        for more in (1, 4, 7)
    ]
    refused = [one for one in changed if not adds_up(characters(one))]
    assert len(refused) > 0.8 * len(changed)
    assert not any(map(valid, refused))


@pytest.mark.parametrize("entity", sorted(number.entity for number in NUMBERS if number.module in FORMS))
def test_a_form_is_true_of_all_that_the_library_takes_and_false_of_some_others(entity: str) -> None:
    has_form, valid = national.sums()[entity], national.checks()[entity]
    right = next(row[1] for row in EXAMPLES if row[0] == entity)
    assert valid(right)
    chance = Random(entity)
    refused = 0
    for _ in range(2000):
        changed = "".join(
            str(chance.randrange(10))
            if one.isdigit()
            else chance.choice("ABDEGLTX")
            if one.isalpha()
            else one
            for one in right
        )
        assert has_form(characters(changed)) or not valid(changed), changed
        refused += not has_form(characters(changed))
    assert refused > 1000


def test_a_cpf_of_any_check_digits_adds_up_as_the_library_says() -> None:
    """Those of 10 and 11 are written 0, in the first place, the second and both."""
    adds_up, valid = national.sums()["BR_CPF"], national.checks()["BR_CPF"]
    zeros = set()
    for place in range(300):
        body = f"{place * 499_979 + 1:09d}"[-9:]
        right = [end for end in range(100) if valid(f"{body}{end:02d}")]
        assert [end for end in range(100) if adds_up(f"{body}{end:02d}".encode())] == right
        zeros.update((end // 10 == 0, end % 10 == 0) for end in right)
    assert len(zeros) == 4


@pytest.mark.parametrize(
    ("entity", "valid"), [("US_NPI", checksums.npi), ("ABA_ROUTING_NUMBER", checksums.routing)]
)
def test_sums_of_numbers_that_the_library_is_not_asked_about(
    entity: str, valid: Callable[[str], bool]
) -> None:
    length = {"US_NPI": 10, "ABA_ROUTING_NUMBER": 9}[entity]
    numbers = [
        f"{number:0{length}d}" for number in range(10**length // 4, 10**length // 2, 10**length // 4001)
    ]
    right = [number for number in numbers if valid(number)]
    added = [number for number in numbers if OTHERS[entity](number.encode())]
    assert right and set(right) <= set(added) and len(added) < len(numbers) / 8


def test_a_number_that_was_given_out_with_a_wrong_check_digit() -> None:
    adds_up, valid = national.sums()["DO_CEDULA"], national.checks()["DO_CEDULA"]
    assert valid("00000021249") and adds_up(b"00000021249")
    assert not valid("00000021248") and not adds_up(b"00000021248")


@pytest.mark.parametrize(
    ("entity", "right"),
    [
        ("GR_AFM", "EL 094259216"),
        ("HR_OIB", "HR 33392005961"),
        ("HU_TAX", "HU-12892312"),
        ("IT_VAT_CODE", "IT 00743110157"),
        ("PL_NIP", "PL 8567346215"),
        ("PT_NIF", "PT 501 964 843"),
        ("SI_DDV", "SI 5022 3054"),
    ],
)
def test_the_letters_of_a_country_before_a_number_are_its_own(entity: str, right: str) -> None:
    adds_up, valid = national.sums()[entity], national.checks()[entity]
    assert valid(right) and adds_up(characters(right)) and adds_up(characters(right.lower()))
    for other in (f"QX{right[2:]}", f"{right[:-1]}{(int(right[-1]) + 1) % 10}"):
        assert not valid(other) and not adds_up(characters(other))


def test_each_kind_of_singapore_s_numbers_of_entities() -> None:
    adds_up, valid = national.sums()["SG_UEN"], national.checks()["SG_UEN"]
    for right in ("00192200M", "197401143C", "S16FC0121D", "T01FC6132D", "s16fc0121d"):
        assert valid(right) and adds_up(right.encode())
        assert not any(
            adds_up(f"{right[:-1]}{letter}".encode()) for letter in "ABCDE" if letter != right[-1].upper()
        )


def test_secondary_weights_and_the_new_letters() -> None:
    for entity, right in (
        ("NZ_IRD", "49098576"),
        ("NZ_IRD", "136410132"),
        ("IE_PPS", "6433435F"),
        ("IE_PPS", "6433435OA"),
    ):
        adds_up, valid = national.sums()[entity], national.checks()[entity]
        assert valid(right) and adds_up(right.encode())


def characters(text: str) -> bytes:
    return "".join(filter(str.isalnum, text)).encode()


@pytest.mark.parametrize("entity", SUMMED)
def test_of_another_length_a_sum_knows_nothing(entity: str) -> None:
    adds_up = national.sums()[entity]
    assert all(adds_up(b"1" * length) for length in (1, 5, 7, 21, 64))


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("CPF nº 390.533.447-05", "BR_CPF", "390.533.447-05"),
        ("CPF do cliente: 39053344705", "BR_CPF", "39053344705"),
        ("BSN-nummer 111222333", "NL_BSN", "111222333"),
        ("ID No. 7503305044089", "ZA_ID_NUMBER", "7503305044089"),
        ("RČ: 710319/2745", "CZ_RC", "710319/2745"),
        ("ИНН клиента 123456789047", "RU_INN", "123456789047"),
        ("VAT no: BE697449992", "EU_VAT", "BE697449992"),
        ("JMBG 0101006500006", "SI_EMSO", "0101006500006"),
        ("CPF nº 390.533.447-00", "BR_CPF", None),
        ("CPF do servidor 39053344705", "BR_CPF", None),
        ("ID nobody 7503305044089", "ZA_ID_NUMBER", None),
    ],
)
def test_a_word_between_the_label_and_the_number(
    default: Spotter, text: str, entity: str, value: str | None
) -> None:
    assert {said for kind, said in default.said(text) if kind == entity} == ({value} if value else set())
