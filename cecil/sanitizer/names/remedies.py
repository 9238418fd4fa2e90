"""Words of care, and makes of cars, that a model takes for a person and are none.

    is_remedy(text, …)      whether a name of one word is that of a drug
    is_eponym(text, …)      whether it is that of an illness, a sign, a score or an instrument
    is_make(text, …)        whether it is that of a car
    hospitals(text)         where hospitals and schools stand that are called after a saint

Generics end as their class does, and no surname does; brands stand in a list without those that somebody is
called like (Allegra, Yasmin, Camila). What is called after somebody is told by what stands beside it alone,
and by less where few bear the name. Refuses: a name behind a title, before a comma and a given name, of
several words; a name that stays hidden is the lesser harm.
"""

from cecil.sanitizer.late import late

_SHORTEST = 7
"""Letters of a generic's name that is told by how it ends."""
_GENERIC = late(
    r"[a-z]*(?:mab|tinib|ciclib|zomib|parib|rafenib|metinib|[aeiou]pril|vastatin|[aeio]lol"
    r"|[^\W_]azole|cillin|gliptin|gliflozin|glutide|glitazone|sartan|floxacin|[or]mycin|cycline|dipine|oxetine"
    r"|triptan|setron|lukast|azepam|azolam|barbital|methasone|ticasone|nisolone|peridone|clovir|desivir|tamivir"
    r"|trelvir|tegravir|buvir|xaban|gatran|thiazide|semide|formin|profen|cef[a-z]+ime|sulfa[a-z]+ine"
    r"|[ai]zapine|tiapine|triptyline|curonium|platin|rubicin|taxel)"
)
_REMEDIES = frozenset(
    """abilify actemra actos acyclovir adderall advair advil albuterol aleve allopurinol alprazolam ambien
    amiodarone amitriptyline apixaban aspirin atarax ativan augmentin avonex azathioprine baclofen bactrim
    benadryl betaseron bisoprolol bumex buprenorphine buspar bupropion cardizem celebrex celexa cellcept
    chlorthalidone cialis cimzia citalopram claritin clexane clindamycin clonazepam clonidine
    clopidogrel codeine colchicine compazine concerta copaxone coreg coumadin cozaar crestor cymbalta
    dabigatran decadron depakote diazepam digoxin dilantin dilaudid diovan donepezil doxycycline dupixent
    effexor elavil eliquis enbrel enoxaparin entresto entyvio epoetin eylea famotidine farxiga fentanyl flagyl
    flexeril flomax flonase forteo fosamax furosemide gabapentin gleevec glucophage glucotrol haldol heparin
    herceptin humalog humira hydralazine hydrocodone ibrance ibuprofen imitrex imodium imuran invokana
    januvia jardiance keflex keppra ketamine keytruda klonopin lamictal lantus lasix latuda lexapro lipitor
    lisinopril lithium loperamide loratadine lovenox lucentis lunesta madopar metformin methadone
    methotrexate midazolam mobic morphine motrin mounjaro mucinex naloxone naltrexone naproxen naprosyn narcan
    neulasta neurontin nexium nitroglycerin norvasc novolog ondansetron opdivo otezla oxycodone oxycontin
    ozempic paracetamol paxil paxlovid pepcid percocet phenergan phenytoin plaquenil plavix pradaxa pravachol
    prednisone prevacid prilosec prinivil procardia prograf prolia propofol protonix prozac pulmicort
    reglan remdesivir remeron remicade repatha restoril revlimid rinvoq risperdal ritalin rituxan robaxin
    rocephin rybelsus sacubitril salbutamol sandimmune seroquel sertraline sinemet singulair skyrizi
    solumedrol spiriva spironolactone stelara strattera suboxone symbicort synthroid tamiflu tamsulosin
    tecfidera tegretol tenormin topamax toprol toradol tramadol trazodone tresiba trulicity tylenol tysabri
    unasyn valium valtrex vancomycin vasotec ventolin viagra vicodin victoza voltaren vyvanse warfarin
    wegovy wellbutrin xanax xarelto xeljanz xolair zantac zestril zetia zithromax zocor zofran zoloft zosyn
    zovirax zyprexa zyrtec zytiga""".split()
)

# Names that many bear are not among them: `can Murphy sign`, `Absent Murphy`, `Wilson's dementia`.
_SIGNS = late(
    r"(?:Babinski|Kernig|Brudzinski|Romberg|Rovsing|McBurney|Phalen|Tinel|Lachman|McMurray|Las[eè]gue|Homans"
    r"|Chvostek|Trousseau|Trendelenburg|Finkelstein|Spurling|Ortolani|Epley|Dix-Hallpike|Rinne|Kussmaul"
    r"|Cheyne-Stokes|Schober)"
)
_SCORES = late(r"(?:Apgar|Waterlow|Braden|Barthel|Karnofsky|Zubrod|Caprini|Glasgow|Epworth|Bosniak|Breslow)")
_SCALES = late(r"(?:Norton|Hamilton|Beck|Morse|Ramsay|Ballard|Montgomery|Edinburgh|Lawton|Katz)")
_TOOLS = late(
    r"(?:Foley|Kocher|Yankauer|Penrose|Jackson-Pratt|Hickman|Swan-Ganz|Babcock|Metzenbaum|Adson|DeBakey"
    r"|Langenbeck|Weitlaner|Balfour|Finochietto|Tenckhoff|Malecot|Veress|Hasson|Groshong|Broviac|Pfannenstiel"
    r"|Bovie|Hemovac|Dobhoff|Blakemore)"
)
_CLAMPS = late(r"(?:Kelly|Allis|Mayo|Deaver|Quinton|Blake|Hartmann|Salem)")
_ILLS = late(
    r"(?:Parkinson|Crohn|Hodgkin|Alzheimer|Raynaud|Hashimoto|Sj[oö]gren|Huntington|Meni[eè]re|Cushing|Wernicke"
    r"|Korsakoff|Dupuytren|Tourette|Asperger|Guillain|Barr[eé]|Bechterew|Beh[cç]et|Peyronie|Hirschsprung"
    r"|Creutzfeldt|Takayasu)"
)

_SIGN_BEHIND = late(
    r" (?:breathing|respirations?|reflex(?:es)?|man(?:o?e)uv(?:er|re)s?"
    r"|(?:sign|test)s?(?! (?:the|his|her|a)\b))\b"
)
_SIGN_RESULT = late(
    r" (?:(?:is|was) )?(?:positive|negative|equivocal|absent|present|up-?going|down-?going|bilaterally)\b"
)
_SIGN_BEFORE = late(
    r"(?:\A|[.,;:(] ?|\b(?:and|with|had|has|shows?|a) )(?:[Pp]ositive|[Nn]egative|[Aa]bsent|[Ee]quivocal) \Z"
)
_SCORE_BEHIND = late(
    r" (?:(?:[Dd]epression|[Aa]nxiety|[Cc]oma|[Ff]all|[Rr]isk) )?(?:[Ss]core|[Ss]cale|[Ii]ndex|[Ii]nventory)"
    r"(?=[ :=]*(?:of|was|is|on|at)?[ :=]*[0-9]|[.,;:)]|\s*\Z)"
)
_SCALE_BEHIND = late(r" (?:(?:[Dd]epression|[Aa]nxiety|[Ff]alls?) )?(?:[Ss]cale|[Ii]nventory)\b")
_SCORE_BEFORE = late(r"\b[Ss]cor(?:ed?|es|ing) (?:of )?[0-9]{1,3} on (?:the )?\Z")
_SCORED = late(r"[:=]? [0-9]{1,3}(?:[/ ]|[.,;:)]|\s*\Z)")
_TOOL_BEHIND = late(
    r" (?:clamps?|forceps|retractors?|scissors|catheters?|cath|drains?|suction|tip|needle|trocar|port"
    r"|incision|balloon|bag|stand|in (?:place|situ)|to (?:gravity|drainage))\b"
    r"| (?:was |is )?(?:placed|inserted|removed|draining|discontinued|d/c['’]?d)"
    r"(?= (?:by|at|on|without|under|clear|for|this|today)\b|[.,;)]|\s*\Z)"
)
_CLAMP_BEHIND = late(r" (?:clamps?|forceps|retractors?|scissors|catheters?|cannula|drains?)\b")
_ILL_BEFORE = late(
    r"\b(?:has|have|had|with|of|from|for|suspected|suspect|known|possible|probable|early|advanced|severe|mild"
    r"|active|diagnosed|[Dd]x|PMHx?|[Hh]x|[Rr]/[Oo]|rule out|ruled out|underlying|worsening|familial):? \Z"
)
_ILL_BEHIND = late(
    r"['’]s(?=[.,;:)]|\s*\Z| (?:and|or|since|flare|remission|in (?:remission|19|20)"
    r"|dementia|type|stage|on)\b)"
)
_ILL_NEXT = late(r"['’]s? (?:dz|dis|flare|dementia|colitis|ileitis|palsy|lymphoma|plus)\b|-type\b")

_HELD = late(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|[Pp]atients?|[Pp]t|[Nn]urse|[Dd]octor|[A-Z][a-z]+)\.? \Z")
"""A title, or a word with a capital that may be a given name."""
_TITLE = late(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|[Nn]urse|[Dd]octor)\.? \Z")
_GIVEN = late(r", [A-Z][a-z]+")
_LEFT = 32
"""Characters before a name that are looked at."""

_MODELS = (
    r"Focus|Fiesta|Transit|Mustang|Explorer|Escape|Taurus|Ranger|Fusion|Bronco|Mondeo|Galaxy|Kuga|Puma"
    r"|Sprinter|Vito|Benz|Navigator|Continental|Aviator|Town Car|Charger|Durango|Pacifica|Continental GT"
    r"|Model [3SXY]|[A-Z]-?Class|[A-Z]{1,3}-?[0-9]{2,3}[a-z]?"
)
_MAKES = (
    r"Mercedes(?:-Benz)?|Ford|Lincoln|Bentley|Chrysler|Dodge|Ferrari|Tesla|Porsche|Cadillac|Chevrolet|Buick"
    r"|Royce|Lotus|Austin|Morris|Skoda|Opel|Peugeot|Citro[eë]n|Renault|Honda|Toyota|Suzuki|Mazda|Daimler"
)
_MAKE = late(rf"(?:{_MAKES})(?:[ -](?:{_MODELS}))?")
_MAKE_BEHIND = late(
    rf"[ -](?:{_MODELS}|sedan|SUV|truck|van|coup[eé]|hatchback|hybrid|pickup|convertible|dealers?(?:hip)?"
    r"|cars?|engine|estate|limousine)(?![\w'’-])"
)
_MAKE_BEFORE = late(
    r"\b(?:driv(?:es?|ing)|drove|parked|rent(?:s|ed)?|bought|sold|lease[sd]?|own(?:s|ed)?) "
    r"(?:an?|his|her|my|their|our) (?:(?:new|old|red|blue|black|white|silver|used|[0-9]{4}|0) )?\Z"
)

_SAINT = late(
    r"\b(?:St\.?|Saint) [A-Z][a-z]+(?:['’]s?)? (?:(?:Children['’]s|General|University|Community|Catholic"
    r"|Regional|Primary|High) )?(?:Hospital|Hospice|Infirmary|Clinic|Medical Cent(?:er|re)|School|College"
    r"|University)\b"
)


def is_remedy(text: str, start: int, end: int) -> bool:
    """Whether a name of one word is that of a drug: `Adalimumab`, `Humira`."""
    name = text[start:end].lower()
    if name not in _REMEDIES and not (len(name) >= _SHORTEST and _GENERIC.fullmatch(name)):
        return False
    return not _is_held(text, start, end)


def is_eponym(text: str, start: int, end: int) -> bool:
    """Whether a name of one word is that of what was called after somebody, as what stands beside it says."""
    left = max(0, start - _LEFT)
    if _SIGNS.fullmatch(text, start, end):
        said = (
            _SIGN_BEHIND.match(text, end)
            or _SIGN_BEFORE.search(text, left, start)
            or _SIGN_RESULT.match(text, end)
        )
    elif _SCORES.fullmatch(text, start, end):
        said = (
            _SCORE_BEHIND.match(text, end)
            or _SCORE_BEFORE.search(text, left, start)
            or _SCORED.match(text, end)
        )
    elif _SCALES.fullmatch(text, start, end):
        said = _SCALE_BEHIND.match(text, end)
    elif _CLAMPS.fullmatch(text, start, end):
        said = _CLAMP_BEHIND.match(text, end)
    elif _TOOLS.fullmatch(text, start, end):
        said = _TOOL_BEHIND.match(text, end)
    elif _ILLS.fullmatch(text, start, end):
        said = _ILL_NEXT.match(text, end) or (
            _ILL_BEHIND.match(text, end) and _ILL_BEFORE.search(text, left, start)
        )
    else:
        return False
    return bool(said) and not _is_held(text, start, end)


def _is_held(text: str, start: int, end: int) -> bool:
    """Whether a title or a given name says that it is somebody."""
    return (
        _TITLE.search(text, max(0, start - _LEFT), start) is not None or _GIVEN.match(text, end) is not None
    )


def is_make(text: str, start: int, end: int) -> bool:
    """Whether that is a make of cars, beside what is said of a car: `Ford Focus`, `drives a Mercedes`."""
    if not _MAKE.fullmatch(text, start, end):
        return False
    left = max(0, start - _LEFT)
    if _HELD.search(text, left, start) and not _MAKE_BEFORE.search(text, left, start):
        return False
    return " " in text[start:end] or bool(
        _MAKE_BEHIND.match(text, end) or _MAKE_BEFORE.search(text, left, start)
    )


def hospitals(text: str) -> list[tuple[int, int]]:
    """Where what is called after a saint begins and ends: `St. Mary's Hospital`."""
    return [one.span() for one in _SAINT.finditer(text)]
