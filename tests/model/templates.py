"""Sentences and lines with places for names, and lines without any. Slots: see generate.Maker.value, and FILLERS."""


def _lines(text: str) -> list[str]:
    return [line.replace("\\n", "\n").replace("\\t", "\t") for line in text.strip().split("\n")]


FILLERS = {
    "svc": "auth-service payment-gateway user-api billing-worker inventory search-indexer api-gateway kube-proxy nginx redis postgres mongodb kafka rabbitmq etcd consul vault grafana prometheus jenkins web-frontend order-service notification-svc".split(),
    "cls": "NullPointerException IllegalArgumentException ConnectionPool UserService AccountManager OrderController HttpClientFactory SessionStore DataSource ThreadPoolExecutor JsonParser PaymentProcessor RequestHandler TokenValidator EventBus MessageQueue KeyError ValueError TypeError RuntimeError TimeoutException SQLException OutOfMemoryError ClassNotFoundException BeanFactory DispatcherServlet LoginActivity MainActivity PowerManagerService WindowManager ActivityManager PackageManager BlockManager DataNode NameNode TaskTracker JobTracker MapReduce ResourceManager FSNamesystem PacketResponder QuorumPeer NIOServerCnxn".split(),
    "pkg": "com.example.app org.apache.hadoop.hdfs org.springframework.web java.lang java.util.concurrent django.core.handlers flask.app sqlalchemy.engine urllib0.connectionpool com.android.server.am io.netty.channel org.eclipse.jetty.server kubernetes.client numpy.core pandas.core.frame requests.exceptions org.hibernate.engine".split(),
    "fn": "getUser process_order handle_request main run doFilter invoke connect parse_args load_config sendMessage on_event __init__ execute fetchAll updateProfile validateToken".split(),
    "file": "Server.java app.py main.go index.js handler.ts worker.rb socket.c UserService.java views.py client.rs Program.cs kernel.cpp module.php login.tsx".split(),
    "level": "INFO WARN ERROR DEBUG TRACE FATAL WARNING NOTICE CRITICAL info warn error debug".split(),
    "host": "web-00 db00.internal ip-00-0-0-00.ec0.internal worker-node-0 prod-api-00 LAPTOP-0AB0CD combo localhost node-000 mail.example.com srv00 bastion MacBook-Pro DESKTOP-PC0".split(),
    "product": "Windows|iPhone|Android|Chrome|Firefox|Safari|Excel|Photoshop|Linux|Ubuntu|Debian|Docker|Kubernetes|Postgres|MySQL|Redis|Kafka|Terraform|Ansible|Python|Java|JavaScript|TypeScript|Rust|Jenkins|Grafana|Jira|Outlook|PowerPoint|Galaxy S00|PlayStation|Xbox|Bluetooth|ChatGPT|Claude|Gemini|Llama|Mistral|GPT-0|Slack|Zoom|Confluence|Datadog|Splunk|Snowflake|Airflow|Spark|Hadoop|Cassandra|Elasticsearch|Kibana|Logstash|Fluentd|Nomad|Helm|Istio|Envoy|Jaeger|Zipkin|Sentry|Celery|Django|Flask|Rails|Laravel|Angular|React|Svelte|Gradle|Maven|Bazel|Selenium|Cypress|Playwright|Puppeteer|Puppet|Vagrant|Tomcat|Jetty|Jupyter|Pandas|Keras|PyTorch|Alexa|Siri|Cortana|Watson|Copilot|Whisper|Notion|Figma|Trello|Asana|Okta|Twilio|Zendesk|HubSpot|Tableau|Looker|Pixel|Kindle|Echo|Surface".split(
        "|"
    ),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun".split(),
    "month": "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec".split(),
    "lang": "English French German Spanish Italian Chinese Japanese Russian Arabic American British Canadian Indian Christian Muslim Jewish Republican Democrat Victorian Roman Greek Dutch Polish Turkish".split(),
    "disease": "diabetes|hypertension|asthma|Parkinson's disease|Alzheimer's disease|Crohn's disease|pneumonia|Hodgkin lymphoma|Down syndrome|Lyme disease|COVID-00|influenza|migraine|anemia|Graves disease|Bell's palsy|atrial fibrillation|type 0 diabetes|chronic kidney disease|depression|arthritis|Wilson's disease|Marfan syndrome|Turner syndrome|Addison's disease|Cushing syndrome|Tourette syndrome|Huntington's disease|Hashimoto's thyroiditis|Raynaud's phenomenon|Kawasaki disease|Ehlers-Danlos syndrome|Guillain-Barre syndrome|Sjogren's syndrome|Meniere's disease|Paget's disease|Gilbert's syndrome|Barrett's esophagus|Ewing sarcoma|Wilms tumor|Klinefelter syndrome|Noonan syndrome|Williams syndrome|Charcot-Marie-Tooth disease|Stevens-Johnson syndrome|Epstein-Barr virus|von Willebrand disease|Asperger's|Baker's cyst|Dupuytren's contracture|Tay-Sachs disease|lupus|eczema|psoriasis|high blood pressure|breast cancer|kidney stones".split(
        "|"
    ),
    "drug": "metformin|lisinopril|atorvastatin|aspirin|ibuprofen|amoxicillin|insulin|Lipitor|warfarin|prednisone|gabapentin|omeprazole|albuterol|Zoloft|Xanax|levothyroxine|amlodipine|Tylenol|Ibuprofen|Metformin|Lisinopril|Aspirin|Prozac|Advil|Aleve|Motrin|Nexium|Humira|Ozempic|Wegovy|Eliquis|Xarelto|Plavix|Crestor|Synthroid|Ventolin|Adderall|Ritalin|Lexapro|Wellbutrin|Effexor|Cymbalta|Lyrica|Neurontin|Ativan|Klonopin|Valium|Ambien|Viagra|Cialis|Augmentin|Zithromax|Keflex|Bactrim|Cipro|Lasix|Norvasc|Diovan|Cozaar|Zocor|Januvia|Lantus|Humalog|Trulicity|Jardiance|Farxiga|Entresto|Brilinta|Coumadin|Heparin|Lovenox|Percocet|Vicodin|Tramadol|Suboxone|Narcan|Benadryl|Claritin|Zyrtec|Allegra|Flonase|Singulair|Advair|Symbicort|Spiriva|Prilosec|Protonix|Zantac|Pepcid|Imodium|Miralax|Colace|Senna|sertraline|citalopram|fluoxetine|tramadol|furosemide|losartan|hydrochlorothiazide|clonazepam|montelukast|pantoprazole|allopurinol".split(
        "|"
    ),
    "work": "The Great Gatsby|Hamlet|Star Wars|Game of Thrones|The Matrix|Abbey Road|Breaking Bad|Pride and Prejudice|Toy Story|Frozen|The Lion King|Thriller|Nevermind|Moby Dick|War and Peace|Black Mirror|Titanic".split(
        "|"
    ),
    "job": "teacher|engineer|nurse|lawyer|manager|director|analyst|driver|accountant|CEO|CTO|developer|designer|consultant|journalist|spokesman|spokeswoman|chairman|striker|goalkeeper|coach|singer|actor|actress|author|poet|economist|professor|minister|senator|captain|pilot|researcher|physician|surgeon|pharmacist|plumber|chef".split(
        "|"
    ),
    "rel": "wife|husband|mother|father|son|daughter|brother|sister|uncle|aunt|cousin|friend|boss|colleague|neighbor|boyfriend|girlfriend|partner|boyfriend|grandmother|roommate|manager".split(
        "|"
    ),
    "header": "Content-Type: application/json|Accept-Encoding: gzip, deflate|User-Agent: Mozilla/0.0 (Windows NT 00.0; Win00; x00)|Cache-Control: no-cache|X-Forwarded-For: 0.0.0.0|Connection: keep-alive|Transfer-Encoding: chunked|Set-Cookie: <~>|Authorization: Bearer <~>|X-Request-Id: 0|Host: example.com|Accept-Language: en-US,en;q=0.0|Server: nginx/0.00.0|Strict-Transport-Security: max-age=0|Referer: /|Via: 0.0 varnish|ETag: W/0".split(
        "|"
    ),
    "sql": "SELECT id, name, email FROM users WHERE id = 0|INSERT INTO Orders (CustomerID, OrderDate) VALUES (0, '0')|UPDATE Accounts SET Balance = Balance - 0 WHERE AccountNumber = 0|DELETE FROM sessions WHERE expires < NOW()|SELECT COUNT(*) FROM Customer c JOIN Address a ON c.id = a.customer_id|ALTER TABLE Person ADD COLUMN Country VARCHAR(0)|CREATE INDEX idx_name ON Employee (LastName, FirstName)|SELECT * FROM Products WHERE Category = 'Books' ORDER BY Price DESC LIMIT 0".split(
        "|"
    ),
    "verb": "said told called emailed asked met saw thanked contacted visited joined left hired married interviewed praised criticised beat defeated replaced succeeded introduced".split(),
    "topic": "machine learning|the quarterly report|quantum computing|climate change|the weather|photosynthesis|the French Revolution|the budget|SQL joins|a birthday party|recursion|the Pythagorean theorem|interest rates|the user manual|World War II|the Cold War|Bayes' theorem|the Fourier transform|the Industrial Revolution|Python decorators|Newton's laws|the Big Bang".split(
        "|"
    ),
}

POSITIVE = _lines(r"""
{person} {verb} {person} in {city} on {day}.
{person} was born in {city}, {country}, on {month} 00, 0000.
{person} ({month} 00, 0000 - {month} 0, 0000) was a {lang} {job} and {job}.
{person}, a {job} from {city}, {verb} reporters on {day}.
"We have nothing to add," {person}, a {job} at {org}, said in {city}.
{org} said on {day} that {person} would replace {person} as {job}.
{org} shares fell 0 percent after {job} {last} resigned.
{city} 0000-00-00 - {person} beat {person} 0-0 0-0 in the final.
{city} ({org}) - {country}'s prime minister {person} met {lang} leaders in {city} on {day}.
{last} scored twice as {org} beat {org} 0-0.
1. {person} ({country}) 0:00.00
0. {initial} ({country}) 00.00 seconds
{initial} {initial} {initial} {initial}
{person} c {last} b {last} 00
{org} 0 {org} 0
{city} 0-0 {city}
According to {person}, {org} will open an office in {city} next {month}.
{person}'s {rel} {first} lives in {city} and works for {org}.
My name is {any} and I live in {city}.
Hi, I'm {first}. Can you help me write an email to my {job} {first} about {topic}?
Hi {first}, thanks for your message. Best regards, {person}
Dear {title} {last},
Dear {person},
Dear {first},\n\nThank you for contacting {org}. We have received your request.
Hello {first} {last}, your order 0 has shipped to {street}, {city}.
Kind regards,\n{person}\n{job}, {org}
Best,\n{first}
Thanks,\n{person}
Sincerely,\n{title} {person}
Cheers, {first}
-- \n{person} | {job} | {org} | {city}
From: {person} <@>
From: {comma} <@>\nTo: {person} <@>\nSubject: Re: {topic}
To: {person}; {person}; {person}
Cc: {comma}; {comma}
On {day}, {month} 0, 0000 at 0:00 PM, {person} <@> wrote:
{person} <@> wrote:
Signed-off-by: {person} <@>
Author: {person} <@>
Co-authored-by: {person} <@>
Reviewed-by: {person}
Meeting with {person} and {person} at {time} in {city}
Attendees: {person}, {person}, {first}, {person}
{first}: are you coming to {city} tomorrow?
{first}: ok see you at {time}
[{time}] {first}: lol ask {first}
[{time}] <{dotted}> hey {first}, did you see {last}'s mail?
@{dotted} can you review this? cc {person}
ask {lower} about the {svc} outage
hi {lower} here, i live in {city} and work at {org}
my {rel} {first} {verb} me yesterday
call my {rel} {lower} at 0-0-0
Patient: {comma}
Patient: {person}, DOB 00/00/0000, MRN 0
Patient Name: {upper}
PATIENT: {upper} MRN: 0 DOB: 0
Name: {any}
name: {any}
Full name: {any}
First name: {first}
Last name: {last}
Surname: {last}
First Name: {first}  Last Name: {last}
Customer: {person}
Employee: {comma} (ID 0)
Contact: {person}, {org}, {street}, {city}
Cardholder: {upper}
Account holder: {any}
Beneficiary: {any}
Beneficiary name {person}, bank {org}, {city}
Address: {street}, {city}, {country}
Ship to:\n{person}\n{street}\n{city}, {place} 00000
Billing address: {person}, {street}, 00000 {city}
City: {town}
Country: {country}
Location: {place}
Company: {org}
Employer: {org}
Organization: {org}
Attending: {title} {last}
Attending physician: {title} {person}
Dr. {last} reviewed the labs with the patient's {rel}, {person}.
{title} {last} is a 00-year-old {job} from {city} with {disease}.
{person} is a 00 year old female presenting with {disease}.
Patient {person} was admitted to {org} on 00/00 with {disease}.
Pt {last} c/o chest pain, seen by Dr {last}, given {drug} 0 mg.
Discharged home with {rel} {first}. Follow up with Dr. {person} in {city}.
Referred by Dr. {last} at {org} for {disease}.
Mr. {last} was started on {drug}; his {rel} {person} is the health care proxy.
Ms. {last} denies fever. She takes {drug} 0 mg daily and lives in {city}.
Seen by: {person}, MD
Electronically signed by {person}, MD on 00/00/0000
{person}, RN, notified {title} {last} of the result.
Should Mrs. {last} keep taking {drug}? Her doctor in {city}, Dr. {last}, said yes.
My doctor, {title} {last}, prescribed {drug} for {disease}. Is that safe?
hello doctor, my {rel} {first} is 00 years old and has {disease}
What does my test result mean? Thanks, {first}
Dr {last}, thank you for answering my question about {disease}.
User {any} logged in from {city}
user={dotted} action=login status=success
user={under} ip=0.0.0.0
user="{person}" action="delete" resource=0
username={dotted}
login: {dotted} from 0.0.0.0
Failed password for {dotted} from 0.0.0.0 port 0 ssh0
Accepted publickey for {dotted} from 0.0.0.0
User '{dotted}' not found
User {person} not found in tenant 0
Created account for {person} <@>
Sending invoice 0 to {person} ({org})
[{level}] Payment of 0.00 from {person} to {org} failed
{time} {level} [{svc}] customer {person} updated address to {street}, {city}
{time} {level} {pkg}.{cls} - user {person} requested {fn}
{time} {host} {svc}[0]: session opened for {person} by uid=0
{level} {cls}: no account for {person} in {city}
{level} processing claim 0 for patient {comma}
{cls}: Customer {person} does not exist
java.lang.{cls}: No such user: {person}\n\tat {pkg}.{cls}.{fn}({file}:0)
Traceback (most recent call last):\n  File "/", line 0, in {fn}\n{cls}: user {person} not found
{"name": "{person}", "city": "{city}"}
{"user": {"first_name": "{first}", "last_name": "{last}"}, "country": "{country}"}
{"customer_name": "{upper}", "order": 0}
{"message": "Assigned to {person} by {person}", "level": "{level}"}
{"patient": "{comma}", "provider": "Dr. {last}"}
{"actor": "{person}", "org": "{org}", "action": "created"}
{"role": "user", "content": "My name is {person}. I work at {org}."}
{"to": "{person}", "from": "{org}", "body": "Dear {first}, your parcel is in {city}."}
Ticket #0: {person} ({org}) reports that {svc} is down
Assigned to {person}
Reported by {person} on 00/00/0000
Assignee: {person}\nReporter: {comma}\nPriority: High
Escalated to {first} {last} in the {city} office
Customer {title} {last} called about invoice 0, wants a refund
{first} from {org} called, please call back on 0-0-0
Spoke with {first} {last} at {org}; she will send the forms to {street}.
Transfer 0.00 EUR to {person}, {city}
Please book a flight from {city} to {city} for {person}
Flights from {city} to {city}, {country}
I moved from {city} to {city} in 0000.
weather in {city}
What is the capital of {country}?
Who is {person}?
who was {lower}
Tell me about {person} and {org}.
Write a poem about {city} for my {rel} {first}.
{person} won the prize ahead of {person} and {person}.
The {lang} {job} {person} starred in {work}.
{work} is directed by {person} and stars {person}, {person} and {person}.
{person} joined {org} from {org} in 0000.
{person} graduated from {org} with a degree in {topic}.
He was succeeded by {person} of the {org}.
Founded by {person} in {city}, {org} employs 0 people.
{org} is headquartered in {city}, {country}.
{org} announced a merger with {org}, the {city}-based company said.
Shares in {org} rose 0% in {city} trading.
The {org} sued {org} in {city}.
{country} and {country} signed a treaty in {city}.
Troops from {country} entered {city}, the {org} said.
Police in {city} arrested {person}, 00, on suspicion of fraud.
{person}, 00, of {street}, {city}, was charged with theft.
{last} told the {org}: "It was a mistake."
"{first}, come here," {verb} {last}.
{first} and {first} went to {city} with {first}'s {rel}.
{first} {verb} {first} at the door.
{person}: The meeting is at {time}.
Q: {person}, how did you start?\nA: I was in {city}.
Interviewer: What about {org}?
SPEAKER {upper}: Good evening from {city}.
{upper}
{comma}
{person}
{city}
{org}
{first}
{place}
{street}
{lower}
{person} - {job}
{person}, {org}
{person};{city};{country}
{last},{first},{city},{country},0
0,{person},@,{city}
| {person} | {org} | {city} |
- {person}
- {person} ({org})
* {city}, {country}
0) {person}
RT @handle: {person} is in {city} tonight!
omg {lower} is so good live
just landed in {city} with {first}
Happy birthday {first}!!
watching {org} vs {org} with {first}
so proud of {person} #win
{first} u there?
thx {first}
Congrats to {person} and the whole {org} team
In {month}, {person} wrote to {title} {last} of {org}.
{title} {person} of {country}
{title} {last} and {title} {last}
{job} {person}
{title} {last}'s office in {city}
the {last} family of {city}
{person} et al. (0000)
{initial}, {initial} and {initial} (0000). {topic}. Journal of {topic}, 0.
({last} and {last}, 0000)
by {person}
By {person}, {city}
By {person} and {person}
Photo: {person}/{org}
Mr <~> and {person}
{person} <~>, phone <~>
Call {first} at <~>
Email {person} at @
Visa application for {person}, passport 0, nationality {lang}
Policy holder {comma}, policy 0
Tenant: {person}; Landlord: {org}
This agreement is between {org} and {person}, residing at {street}, {city}.
Dr. {last}: The scan is clear.
Nurse {first} gave {drug}.
{person} (00 years, {city}): "I love it."
Order placed by {person}, delivered to {city} by {org}
Driver {first} is arriving at {street}
Reservation under {last} for 0 at {time}
guest {person} room 0
Hey {first}! Long time no see. How is {first}?
Could you translate this for {title} {last}: see you in {city}
System: you are the assistant of {person}, {job} at {org} in {city}.
As {person} said, "{topic} matters".
I would like to speak with {person} or {title} {last}, please.
please update {lower} in the {org} record
{under}
{dotted}
owner: {dotted}
created_by={person}
assignee={dotted} reporter={dotted}
git commit by {person}
blame: {dotted} {time} {file}:0
{cityu} 0000-00-00 - {person} said on {day} that {org} would appeal.
{cityu} ({org}) - {person} {verb} {last} on {day}.
{cityu}, {month} 00 ({org}) - {country} said on {day} it had arrested {person}.
{cityu} 0000-00-00
{org} 0 {org} 0 (halftime 0-0)
{initial} ({org}) beat {initial} ({country}) 0-0 0-0
{place} : 0. {person} 0. {person} 0. {person}
Standings after {day}'s games: {org} 00 00 0, {org} 00 00 0
About {person}
Posted by {first} on {month} 0, 0000 at 0:00 pm
Posted by {person} | {month} 0, 0000 | 0 Comments
{first} says: {month} 0, 0000 at 0:00
{first}, I totally agree with you. {first}'s comment was right.
Written by {person} for {org}.
{person} is a freelance {job} based in {city}.
In her book, {person} argues that {last} was right about {topic}.
Copyright 0000 {org}. All rights reserved.
Visit {org} in {city} this {month}.
We stayed at the {org} in {city}, and {first} at the desk was lovely.
Review by {first} from {city}: five stars
Obituary: {person}, of {city}, died {day}. He is survived by his {rel} {first} and his {rel} {first}.
Recipe by {person}
{person} (left) and {person} (right) in {city}
Hello, my name is {first} and I have {disease}.
I am {person}, 00 years old, from {country}, and I suffer from {disease}.
My {rel} {first}, 00, was diagnosed with {disease} at {org} in {city}. What can we do?
I saw Dr {last} at {org} about my {disease}. He said to take {drug}.
Is there a specialist for {disease} near {city}? Thank you, {person}
Do you know {title} {last} in {city}? He treats {disease}.
Regards {first}
thank you {first}
Who discovered {disease}? Was it {person}?
How tall is {person}?
when did {person} die
Compare {person} and {person}.
Translate: {first} lives in {city}.
{"event": "login", "user": {"name": "{person}", "id": 0}, "geo": {"city": "{city}", "country": "{country}"}}
{"assignee": "{person}", "status": "open", "summary": "{first} cannot log in"}
{"displayName": "{person}", "department": "Sales", "companyName": "{org}"}
Password changed for {person}
Invitation sent to {person} by {first} {last}
{person} shared a file with {person}
{person} approved the request of {person}
{person} (Admin) changed the role of {person} to Editor
New comment by {person} on issue 0
Call from {person} transferred to {first}
Appointment for {person} with Dr. {last} on {day}
Policyholder {person} of {city} filed claim 0
RT @handle: {person} {verb} {first}, lol
RT @handle: i {verb} {lfirst} in {lcity} lol
rt @handle: {lower} is trending
@handle omg {lfirst} is so funny
@handle tell {lfirst} i said hi
@handle {first} said no :(
lol {lfirst} and {lfirst} are too much
i miss {lfirst} so much
me and {lfirst} at the game tonight
{lower} ft {lower} #nowplaying
#nowplaying {person} - {work}
np: {person} feat {person}
listening to {lower} all day
{ufirst} I LOVE YOU SO MUCH
OMG {ufirst}!!!!
who else thinks {last} should be sacked
{last} is a joke. Get him off #{org}
Great goal by {last}!! #win
{last} to {last}, and {last} scores
so excited for {lcity} this weekend
anyone in {lcity} wanna hang out
missing {city} already
back in {lcity} tmrw
{city} here we come #roadtrip
Traffic on {street} in {city} this morning
it's raining in {lcity} again
I'm at {org} in {city}, {place}
{org} w/ {first} and {first}
happy bday {lfirst} love u
thanks {lfirst}, see u at {time}
goodnight {lfirst} x
{first} x
Love u {first} xx
{person} for president
{person}'s new song is fire
Sign my petition: tell {title} {last} to act on {topic}
BREAKING: {person} arrested in {city}
LIVE: {country} v {country} in {city}
VIDEO: {person} speaks about {topic}
Via {org}: {person} quits
Opinion: {last} is wrong about {topic}
{last}: "We need change" {org}
{firm} announced results for the quarter.
{firm} and {firm} have signed an agreement.
{person}, {job} of {firm}, {verb} {last}.
He works at {firm} in {city}.
Invoice from {firm}, {street}, {city}
{firm} ({city}) hires {person}
Vendor: {firm}
Bill to: {firm}
Copyright 0000 {firm} All rights reserved.
Contract between {firm} and {firm}
Shares of {firm} closed at 0.00
{"vendor": "{firm}", "contact": "{person}"}
{level} tenant {firm} exceeded quota
{person} takes {drug} 00 mg for {disease}.
Can {drug} help my {rel} {first} with {disease}?
{first} moved the {product} board to done
{first} from the {product} team
{person} opened a {product} ticket
{title} {last} prescribed {drug}, and {first} feels better.
""")

NEGATIVE = _lines(r"""
{time} {level} [{svc}] Started {cls} in 0.0 seconds
{time} {host} {svc}[0]: Connection closed by 0.0.0.0 port 0
{time} {host} kernel: [0.0] usb 0-0: New USB device found
{level} {pkg}.{cls}: Failed to {fn}, retrying in 0 ms
{level} {cls} - {fn} took 0 ms
[{level}] {pkg}.{cls} - Received block blk_0 of size 0 from /
[{time}] [error] [client 0.0.0.0] File does not exist: /
{host} {svc}: {level}: {cls} timed out after 0 seconds
Exception in thread "main" {pkg}.{cls}: Connection refused
\tat {pkg}.{cls}.{fn}({file}:0)
\tat {pkg}.{cls}${cls}.{fn}({file}:0)
Caused by: {pkg}.{cls}: Broken pipe
  File "/", line 0, in {fn}
{file}:0: {level}: undefined reference to {fn}
{file}:0
{cls}
{pkg}.{cls}
{svc}
{host}
{level}
{day}
{month}
{month} 0000
{day}, {month} 00, 0000
See you on {day}!
The meeting moved from {day} to {day}.
{header}
{header}\n{header}
GET / HTTP/0.0
POST / HTTP/0.0" 000 0 "-" "Mozilla/0.0 (X00; Linux x00_00) AppleWebKit/000.0 (KHTML, like Gecko) Chrome/00.0 Safari/000.0"
Mozilla/0.0 (Macintosh; Intel Mac OS X 00_0) Gecko/0 Firefox/0.0
{sql}
{sql}
Explain {topic} in simple terms.
Write a {lang} essay about {topic}.
Can you summarize {topic}?
How do I install {product} on {product}?
{product} 0.0 released
I use {product} and {product} every day.
Upgrade {product} from 0.0 to 0.0
{product} crashed again
What are the side effects of {drug}?
Is {drug} safe with {drug} for {disease}?
Patient denies chest pain. No history of {disease}.
Symptoms of {disease} include fever and cough.
Take {drug} 00 mg twice daily.
Assessment and Plan: continue {drug}, follow up in 0 weeks.
HISTORY OF PRESENT ILLNESS
CHIEF COMPLAINT: {disease}
Vital Signs: BP 000/00, HR 00, Temp 00.0
Dear Sir or Madam,
Dear Customer,
Hello World
Hello there!
Hi team, please find attached the report.
Thank you for your help.
Thanks in advance
Best regards,
Name: N/A
Name: Unknown
Name: test
Name: default
Name: {svc}
name={svc} status=Running
user=root
user=admin action=login
user=system
User admin logged in
Failed password for root from 0.0.0.0 port 0 ssh0
Failed password for invalid user admin from 0.0.0.0
{"level": "{level}", "service": "{svc}", "message": "{fn} failed"}
{"status": "Active", "type": "{cls}", "id": "0"}
{"eventName": "DescribeInstances", "eventSource": "ec0.amazonaws.com", "awsRegion": "us-east-0"}
{"model": "gpt-0o", "usage": {"prompt_tokens": 0}
{"kind": "Pod", "apiVersion": "v0", "metadata": {"name": "{svc}"}
AssumeRole
DescribeVolumes
AWSServiceRoleForSupport
ListBuckets PutObject GetCallerIdentity
Last login: {day} {month} 0 00:00:00 0000 from 0.0.0.0
Reading package lists... Done
Building dependency tree
Step 0/0 : RUN apt-get update
Successfully built 0
Compiling {svc} v0.0.0
Merge branch 'main' into feature
Merge pull request #0
Fix {cls} in {fn}
TODO: refactor {cls}
WARNING: The script is deprecated
Transaction 0 committed
Job {cls} finished, 0 tasks
Starting {svc} on {host}
Stopping {svc}...
Node {host} is Ready
PacketResponder 0 for block blk_0 terminating
Verification succeeded for blk_0
instruction cache parity error corrected
session closed for user root
Temperature above threshold
Welcome to {product}
The {lang} version is better.
He speaks {lang} and {lang}.
I loved {work}.
Have you seen {work}?
Happy Birthday!
Merry Christmas everyone
Good Morning
Terms of Service and Privacy Policy
Click Here to Subscribe
Frequently Asked Questions
Chapter 0: The Beginning
Table of Contents
Section 0. Definitions
The Borrower shall pay the Lender on demand.
The Company and its Subsidiaries
As an AI language model, I can help with {topic}.
Sure! Here is an example of {topic}:
Certainly! Let me explain.
Step 0: Preheat the oven
Total Amount Due: 0.00 USD
Invoice Number: 0
Phone: <~>
Email: @
<~> <~>
From: <~>
Customer <~> called
Dear <~>,
ID Status Type Created Updated
Filesystem Size Used Avail Use% Mounted on
PID TTY TIME CMD
USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND
Active Internet connections (servers and established)
eth0: flags=0 mtu 0
GNU/Linux x00_00
Intel(R) Core(TM) CPU @ 0.0GHz
American Megatrends BIOS
Central European Time
Eastern Standard Time
Copyright (c) 0000 All rights reserved.
Licensed under the Apache License, Version 0.0
please help me fix this bug
i have a question about my account
what is the best way to learn {product}
mark the task as done
the bill will be due in may
hope this helps
will you be able to sign in
Rate limit exceeded
Access Denied
Internal Server Error
Not Found
Order Confirmed
Payment Failed
Invalid Token
Permission denied (publickey)
Key: Value
What is the treatment for {disease}?
Is {disease} hereditary?
Can {drug} cause {disease}?
I was diagnosed with {disease} in {month} and take {drug}.
my {rel} has {disease}, what should we do?
What causes {disease} in children?
Foley catheter placed. Glasgow Coma Scale 00.
Apgar scores 0 and 0. Babinski sign negative.
Positive Murphy's sign, negative Homans sign.
Holter monitor and Doppler ultrasound were normal.
Kegel exercises and the Heimlich maneuver
{disease} and {disease}
{disease}: causes, symptoms and treatment
Posted on {month} 0, 0000
Leave a Reply
Read More
Add to Cart
Sign Up for our Newsletter
Related Posts
All Categories
Home About Contact Blog
The following User Guide explains the Settings page.
In {month} 0000 the project was finished.
On {day} morning we tested {product}.
A {lang} {job} and a {lang} {job} walk into a bar.
Our Manager and the Sales Director approved it.
The President signed the bill on {day}.
The Prime Minister said he would resign.
My Doctor said Yes.
Mom and Dad are fine.
God bless you
Jackson-Pratt drain
Request from Service Desk
Approved By Manager
Account Owner
Assigned To: Unassigned
User Not Found
Password Reset Required
New Login From Unknown Device
Scheduled Task Completed Successfully
Backup Job Finished With Warnings
Content Length Required
High Priority
Customer Support
Software Engineer
Human Resources
Data Science
New Feature
Private Key
Primary Care
Blue Cross
General Practice
Left Ventricle
Red Blood Cell Count
White House Black Market
Open Source
Machine Learning Engineer
Deep Learning
Neural Network
Black Friday
True
False
None
NULL
undefined
Alpha Beta Gamma
foo bar baz
Lorem ipsum dolor sit amet
Vice President of Sales
President and CEO
Chief Executive Officer
Chief Medical Officer
Staff Engineer
Senior Product Manager
Product Owner and Scrum Master
Principal Investigator
Registered Nurse
Attending Physician
Nurse on call
The Dr. will see you now
The CEO and the CFO will join the call.
Ask the Director of Engineering.
Assistant Professor of Physics
Please contact the Administrator.
Contact your Account Manager.
We moved from {product} to {product}.
{product} vs {product}
{product} is down again
The {product} dashboard shows errors
Deploy with {product} and {product}
Open {product} and click Settings
Connect {product} to {product}
{drug} or {drug}?
{drug} 00 mg
Started {drug}, stopped {drug}.
I take {drug} and {drug} for {disease}.
Allergies: {drug}, {drug}
Medications: {drug} 00 mg daily, {drug} as needed
What is {drug} used for?
{drug} side effects
{product} 0
RT @handle: good morning everyone
@handle @handle lol same
@handle thank you so much!!
omg i can't even
follow me please @handle
i will call you later
may i ask a question
mark my words
can you bill me in may
OMG THIS IS AMAZING
SO TIRED TODAY LOL
#throwback #love #happy
Can't wait for {day}!
Good Game Last Night
Merry Xmas xx
Why Is Everyone So Mad Today
""")

CODE = _lines(r"""
def {fn}(self, name: str) -> None:
class {cls}({cls}):
import {pkg}
from {pkg} import {cls}
return self.{fn}(user.name)
if (user == null) throw new {cls}("User is null");
public static void main(String[] args) {
const {fn} = async (req, res) => {
console.log("{fn}", err.message);
System.out.println("Done");
{cls} obj = new {cls}();
for (int i = 0; i < n; i++)
<div class="container"><h0>Title</h0></div>
#include <stdio.h>
print("Total:", total)
assert {fn}(0) == 0
kubectl get pods -n kube-system
docker run -d --name {svc} redis:0
git push origin main
npm install --save {svc}
curl -X POST / -H "{header}"
sudo systemctl restart {svc}
export PATH=/:$PATH
apiVersion: apps/v0
kind: Deployment
spec.template.spec.containers[0].image
""")
