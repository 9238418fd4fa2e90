"""Passwords where commands, servers of logins, statements, calls and links have them."""

import pytest

from cecil.sanitizer.detectors.secrets.structures import StructureRecognizer
from tests.spotting import LONG, Spotter

PASSWORD = "zebra-Q77x"
LINK = "abcDEF123456ghiJKL789mno7"
BASE64 = "AG1hcmEAemVicmFRNzd4"


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([StructureRecognizer()])


@pytest.mark.parametrize(
    "text",
    [
        "net user jo {} /add /domain",
        r"C:\Windows\System32\net1.exe user jo {}",
        r"net use Z: \\fs01\share {} /user:CORP\jo",
        r"net use * \\fs01\share /user:CORP\jo {}",
        r"schtasks /create /tn backup /tr C:\b.bat /ru CORP\svc /rp {}",
        "plink.exe -ssh root@192.0.2.1 -pw {}",
        "pscp -P 2222 -pw {} a.txt root@192.0.2.1:",
        "sqlcmd -S db01 -U sa -P {} -Q x",
        "bcp db.dbo.t out t.csv -S db01 -U sa -P{}",
        "tsql -H h -U sa -P '{}'",
        "ipmitool -H 192.0.2.1 -U ADMIN -P {} power on",
        "vmrun -gu administrator -gp {} runProgramInGuest",
        "certutil -p {} -importpfx cert.pfx",
        "mongo -u app -p {} db",
        "cqlsh -u cassandra -p {}",
        "beeline -u jdbc:hive2://h -n a -p {}",
        "ldapadd -x -D cn=admin -w {}",
        "COMMAND=/usr/bin/htpasswd -b /etc/htpasswd jo {}",
        "chpasswd <<< jo:{}",
        'echo "jo:{}" | sudo chpasswd',
        "echo {} | sudo -S apt update",
        "echo -n {} | docker login -u x --password-stdin r.example.com",
        "printf '{}' | cryptsetup luksOpen /dev/sda1 x",
        "echo {} | gh auth login --with-token",
        "openssl enc -aes-256-cbc -k {} -in a",
        "lftp -u jo,{} ftp.example.com",
        "nsupdate -y hmac-sha256:key:{}",
        "wpa_passphrase Home {}",
        "rabbitmqctl add_user app {}",
        "snmpwalk -v3 -A {} h",
        "Auth: (12) Login incorrect (mschap): [jo/{}] (from client ap-1 port 0)",
        "authentication of 'x' with PSK '{}'",
        '  ~ master_password                  = "{}"',
        '  ~ token = "" -> "{}"',
        "SET PASSWORD FOR 'jo'@'%' = '{}'",
        "SET PASSWORD = PASSWORD('{}')",
        "CREATE USER jo IDENTIFIED BY {} DEFAULT TABLESPACE users",
        "CREATE LOGIN jo WITH PASSWORD = N'{}', CHECK_POLICY = OFF",
        "ORA-01017: logon denied; connect string app/{}@db01:1521/ORCL",
        "#0 /app/db.php(12): PDO->__construct('mysql:host=db;d...', 'app', '{}')",
        r"#1 /app/Auth.php(88): App\Auth->login('jo', '{}', true)",
        r"#1 /app/Auth.php(88): Guard->validatePassword(Object(App\User), '{}')",
        "#2 /app/Auth.php(9): password_verify('{}', '...')",
        "kubectl create secret generic x --from-literal pin={}",
        "oc create secret generic x -n web --from-literal='pin={}' --dry-run",
        'kubectl create configmap a --from-literal=b=c; kubectl create secret generic x --from-literal=b="{}"',
    ],
)
def test_a_password(spotter: Spotter, text: str) -> None:
    assert {value for _, value in spotter.said(text.format(PASSWORD))} == {PASSWORD}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"https://app.example/reset-password/{LINK} for 17", LINK),
        (f'"/users/verify_email/17/{LINK}/done"', LINK),
        (f"GET /invitations/{LINK}?a=1", LINK),
        ("/reset/7c0f5a52-64a5-4f37-9f1b-9a3f7c1b2d11", "7c0f5a52-64a5-4f37-9f1b-9a3f7c1b2d11"),
        ('x.login("jo", "hunter2")', "hunter2"),
        ("x = Some(Credentials('jo', 'hunter2'))", "hunter2"),
        ("kubectl create secret generic x --from-literal=pin=8842", "8842"),
        (f"auth: client in: AUTH 1 PLAIN service=imap resp={BASE64}", BASE64),
        ("auth: Debug: sql(jo,192.0.2.1): SSHA256.b64(Sunfl0wer_42) != {x}", "Sunfl0wer_42"),
        ("auth: Debug: sql(jo,192.0.2.1): CRYPT(hunter2) != 'hunter2'", "hunter2"),
        ("MS-CHAP2-Response = 0x0100a1b2c3d4e5f60718", "0100a1b2c3d4e5f60718"),
    ],
)
def test_what_opens_something(spotter: Spotter, text: str, value: str) -> None:
    assert {said for _, said in spotter.said(text)} == {value}


@pytest.mark.parametrize(
    "text",
    [
        "the net user count rose by 17 today",
        "logged in by .net user 17abc 18abc",
        "net use the force 4711 times",
        "net user jo /active:no",
        "net user jo * /add",
        "mongodump --port 27017 -p 27017 -o out",
        "ldapmodify -p 389 -h localhost",
        "ldapsearch -x -b dc=example -p 389 -h localhost",
        "isql -p 4096 -S DB",
        "plink.exe -P 2222 root@192.0.2.1",
        "openssl req -key server.key -out a",
        "openssl enc -aes-256-cbc -k $KEY -in a",
        "echo $PASS | docker login --password-stdin",
        "echo hello | grep h",
        "cat passwd | wc -l",
        "Auth: Login OK: [jo/<via Auth-Type = EAP>] (from client ap-1 port 0)",
        "see [docs/page-17] (from client side)",
        "resp=AAECAwQFBgc= auth",
        f"resp={BASE64}",
        "load_credentials('config/prod.json', 'prod1')",
        "assert f(x): ABS(delta) != 3",
        "f(x): MD5(Sunfl0wer_42) == 'x'",
        "psk 'is what it is called'",
        "  ~ auth_token                 = (sensitive value) -> (known after apply)",
        '  + name                        = "db-17"',
        "the record is identified by a17 alone",
        "CREATE USER jo IDENTIFIED BY VALUES 'S:1'",
        "kubectl create configmap x --from-literal=mode=zebra-Q77x",
        "kubectl create secret generic x --from-file=k=a; kubectl create configmap x --from-literal=a=zebra-Q77x",
        'kubectl create secret generic x --from-literal=pin="$PIN" --from-literal user=${NAME}',
        "oc create secret generic takes --from-literal=<key>=<value> or --from-file",
        "GET /docs/verify/how-to-verify-your-account-in-minutes",
        f"GET /items/{LINK}",
        "$x->login('jo')",
        "Auth->logins('jo', 'abc17')",
        'self.backend.login("oauth", "google")',
        "bcp took 12 s -Performance fine",
        "the net user base 2026 grew",
        "GET /confirm/7c0f5a52-64a5-4f37-9f1b-9a3f7c1b2d11 200",
    ],
)
def test_what_stays(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


@pytest.mark.parametrize(
    "part",
    [
        *(
            "net use ",
            r"net use \\a ",
            "plink -pw",
            "plink ",
            "mongo -p ",
            "sqlcmd ",
            "htpasswd -b a ",
            "echo a | ",
        ),
        *("echo a|sudo -S", "lftp -u a,", "-A a snmp ", ": [a/b] (from client", "resp=AUTHAUTH auth "),
        *(
            'password = "a" -> ',
            'password                = "',
            "create user a identified by ",
            "connect string a/",
        ),
        *(
            "new PDO('a', 'b', ",
            ".login('a', ",
            "/reset/1/",
            "/reset/abcdefghijklmnopqrst",
            "set password for ",
        ),
        *(
            "create secret --from-literal=a=b ",
            "create secret --from-literal='a='",
            "put(password,",
            "fill('pw',",
        ),
    ],
)
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    for one in spotter.recognizers:
        one.find(part * (LONG // 5 // len(part)))
