r"""The formats of tokens that say themselves what they are: one line each, so that a vendor is added in one line.

Owns: the table, what it means as a pattern, and the invented example of each row.
Refuses: to hold a key, live or dead. Examples are made from the row's own alphabets with a fixed seed.

A line at the margin is a vendor and where it documents its tokens. A line below it is a row:

    id   pattern   checksum   near   what it is

`pattern` is a regular expression without blanks in which `<an:36>` stands for 36 characters of an alphabet
and `<an:20,40>` for 20 to 40 of them, see `ALPHABETS`. A group in it, written `(?P<s>…)`, is the part
that is secret; without one all of it is. `checksum` is a name of `checksums.CHECKSUMS`, or `-`.
`near` is `-`, or words (`a/b`) one of which has to stand shortly before: the format alone is too common.
"""

import random
import re
from functools import lru_cache
from typing import NamedTuple

from cecil.sanitizer.detectors.secrets import checksums
from cecil.sanitizer.late import late

ALPHABETS = {
    "an": "0-9A-Za-z",
    "lo": "0-9a-z",
    "up": "0-9A-Z",
    "az": "a-z",
    "d": "0-9",
    "hex": "0-9a-f",
    "xdigit": "0-9A-Fa-f",
    "b32": "A-Z2-7",
    "b58": "1-9A-HJ-NP-Za-km-z",
    "b32lo": "a-z2-7",
    "word": "0-9A-Za-z_",
    "url": "0-9A-Za-z_-",
    "urlpad": "0-9A-Za-z_=-",
    "b64": "0-9A-Za-z+/",
    "b64pad": "0-9A-Za-z+/=",
    "any": "0-9A-Za-z_.=+/-",
    "tilde": "0-9A-Za-z_~.-",
}
"""What stands between `<` and `>`, as the inside of a character class."""

_UUID = "<xdigit:8>-<xdigit:4>-<xdigit:4>-<xdigit:4>-<xdigit:12>"


class Row(NamedTuple):
    """A token's format.

    Attributes:
        id: in kebab case; a finding's detector is `secret:<id>`.
        vendor: who issues it.
        url: where its format, or its use, is documented.
        pattern: as in the table.
        checksum: a name of `checksums.CHECKSUMS`, empty for none.
        near: words one of which stands before it, none for a format that is enough.
        what: what it opens.
    """

    id: str
    vendor: str
    url: str
    pattern: str
    checksum: str
    near: tuple[str, ...]
    what: str


_TABLE = r"""
1Password | https://developer.1password.com/docs/service-accounts/
    1password-secret-key  A3-<up:6>-(?:<up:11>|<up:6>-<up:5>)-<up:5>-<up:5>-<up:5>  -  -  secret key of an account
    1password-service     ops_eyJ<b64pad:200,1500>  -  -  service account token
Adafruit | https://io.adafruit.com/api/docs/
    adafruit-io  aio_<an:28>  -  -  IO key
Adobe | https://developer.adobe.com/developer-console/docs/guides/authentication/
    adobe-client-secret  p8e-(?:<hex:32>|<url:32>)  -  -  OAuth client secret
Adyen | https://docs.adyen.com/development-resources/api-credentials/
    adyen  AQE<b64:28,200>={0,2}-[^\s"'\\<>,;]{10,150}  -  -  API key
Age | https://age-encryption.org/v1
    age-secret-key  AGE-SECRET-KEY-1<up:58>  bech32  -  X25519 identity
    age-recipient   age1<lo:58>  bech32  -  X25519 recipient
Akamai | https://techdocs.akamai.com/adaptive-media-delivery/docs/generate-a-token-and-apply-it-to-content
    akamai  hmac=(?P<s><hex:64>)  -  -  signature of a link
Airtable | https://airtable.com/developers/web/guides/personal-access-tokens
    airtable-pat    pat<an:14>\.<hex:64>  -  -  personal access token
    airtable-oauth  <an:6,40>\.v1\.<url:6,40>\.<xdigit:12,64>  -  airtable  OAuth token
Aiven | https://aiven.io/docs/platform/concepts/authentication-tokens
    aiven  aivenv1<b64pad:100,400>  -  -  API token
Alibaba Cloud | https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair
    alibaba-access-key  LTAI<an:12,20>  -  -  access key
Anyscale | https://docs.anyscale.com/
    anyscale  esecret_<an:24,40>  -  -  token of a service
Apple | https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
    apple-push            push\.apple\.com(?::<d:3,5>)?/3/device/(?P<s><hex:64,200>)  -  -  token of a device that takes pushes
Amazon | https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    aws-access-key        (?:AKIA|ASIA|ABIA|ACCA|A3T<up:1>)<up:16>  aws-account  -  access key
    aws-secret-beside     (?:AKIA|ASIA)<up:16>(?:,|:|;|\||\s(?:20[0-9T:Z.+-]{8,30}\s)?)\s?(?P<s><b64:40>)  -  -  secret key behind its id
    aws-configure         Secret\sAccess\sKey\s\[[*\w-]{0,24}\]:\s?(?P<s><b64:40>)  -  -  secret key, as it is asked for
    aws-bedrock-long      ABSK<b64:109,269>={0,2}  -  -  Bedrock API key
    aws-bedrock-short     bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t<b64pad:0,2000>  -  -  Bedrock API key of a session
    aws-mws               amzn\.mws\.<uuid>  -  -  Marketplace web service token
    aws-appsync           da2-<lo:26>  -  -  AppSync API key
    aws-session           (?:FwoGZXIvYXdz|IQoJb3JpZ2lu)<b64pad:100,2000>  -  -  session token
Anthropic | https://docs.anthropic.com/en/api/administration-api
    anthropic        sk-ant-(?:api|oat|ort|sid)<d:2,3>-<url:93,108>AA  -  -  API key
    anthropic-admin  sk-ant-admin<d:2>-<url:93>AA  -  -  admin key
Artifactory | https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key
    artifactory-api-key    AKCp<an:69>  -  -  API key
    artifactory-reference  cmVmd<an:59>  -  -  reference token
    artifactory-encrypted  AP[0-9A-F]<an:33,73>  -  jfrog/artifactory/arti  encrypted password
Asana | https://developers.asana.com/docs/personal-access-token
    asana-pat  [0-9]/<d:15,17>(?:/<d:15,17>)?:<hex:32>  -  -  personal access token
Atlassian | https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
    atlassian-api    ATATT3<urlpad:150,250>  -  -  API token
    bitbucket-app    ATBB<an:32>  -  -  Bitbucket app password
    bitbucket-repo   ATCTT3<urlpad:100,250>  -  -  Bitbucket access token
Authress | https://authress.io/knowledge-base/docs/authorization/service-clients/
    authress  (?:sc|ext|scauth|authress)_<lo:5,30>\.<lo:4,6>\.acc[_-]<url:10,32>\.<an:1>[0-9A-Za-z+/_=-]{29,119}  -  -  service client key
Axiom | https://axiom.co/docs/reference/tokens
    axiom  xa[ap]t-<uuid>  -  -  API token
Azure | https://learn.microsoft.com/en-us/azure/
    azure-client-secret  [0-9A-Za-z_~.]{3}[0-9]Q~<tilde:31,34>  -  -  client secret of an application
    azure-storage        <b64:76>\+ASt<b64:5>[AQgw]==  -  -  storage account key
    azure-batch          <b64:76>\+ABa<b64:5>[AQgw]==  -  -  Batch account key
    azure-functions      <url:44>AzFu<url:5>[AQgw]==  -  -  function key
    azure-cosmos         <b64:76>ACDb<b64:5>[AQgw]==  -  -  Cosmos DB key
    azure-api-manager    <b64:76>APIM<b64:5>[AQgw]==  -  -  API Management key
    azure-service-bus    <b64:33>\+ASb<b64:6>=  -  -  Service Bus key
    azure-event-hub      <b64:33>\+AEh<b64:6>=  -  -  Event Hub key
    azure-relay          <b64:33>\+ARm<b64:6>=  -  -  Relay key
    azure-iot            <b64:33>AIoT<b64:6>=  -  -  IoT Hub key
    azure-redis          <an:33>AzCa<an:6>=  -  -  Redis access key
    azure-search         <an:42>AzSe<an:6>  -  -  search key
    azure-registry       <b64:42>\+ACR<b64:6>  -  -  container registry password
    azure-devops         <an:76>AZDO<an:4>  -  -  DevOps personal access token
    azure-openai         <an:52>JQQJ9[9DH]<an:26>(?:<an:2>==)?  -  -  OpenAI and cognitive services key
    azure-devops-old     <b32lo:52>  -  azure/devops/personalaccesstoken/vsts/visualstudio/ado/pat  DevOps personal access token
Beamer | https://www.getbeamer.com/api
    beamer  b_[0-9A-Za-z=_-]{44}  -  beamer  API key
BIP 32 | https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki
    bip32-private  [xyzt]prv<b58:100,112>  -  -  extended private key of a wallet
Buildkite | https://buildkite.com/docs/apis/managing-api-tokens
    buildkite  bk(?:ua|pt|aj|ct|rt)_<lo:40>  -  -  API token
    buildkite-agent  bkat_<an:36,70>  -  -  agent token
Cal | https://cal.com/docs/api-reference/v2/introduction
    cal  cal_(?:live_)?<hex:32>  -  -  API key
Cecil | https://www.rfc-editor.org/rfc/rfc5869
    cecil-key  cecil-key-[0-9]-<b32lo:8>-<b32lo:52>  -  -  key of this program's tokens and stand-ins
Cerebras | https://inference-docs.cerebras.ai/quickstart
    cerebras  csk-<lo:48>  -  -  API key
CircleCI | https://circleci.com/docs/managing-api-tokens/
    circleci-pat      CCIPAT_<an:22>_<xdigit:40>  -  -  personal token
    circleci-pat-old  CCIPAT_<an:22>_<lo:40>  -  -  personal token
    circleci-project  CCIPRJ_<an:22>_<xdigit:40>  -  -  project token
ClickHouse | https://clickhouse.com/docs/en/cloud/manage/openapi
    clickhouse  4b1d<an:38>  -  -  cloud API secret
ClickUp | https://clickup.com/api/developer-portal/authentication/
    clickup  pk_<d:6,9>_<up:32>  -  -  personal token
Clojars | https://github.com/clojars/clojars-web/wiki/Deploy-Tokens
    clojars  CLOJARS_<lo:60>  -  -  deploy token
Cloudflare | https://developers.cloudflare.com/fundamentals/api/get-started/keys/
    cloudflare-origin-ca  v1\.0-<hex:24>-<hex:146>  -  -  origin CA key
    cloudflare-scanned    cf(?:k|ut|at)_<an:40,60>  -  -  API token
Coinbase | https://docs.cdp.coinbase.com/
    coinbase-key  organizations/<uuid>/apiKeys/<uuid>  -  -  cloud API key
Contentful | https://www.contentful.com/developers/docs/references/authentication/
    contentful  CFPAT-<url:43,100>  -  -  personal access token
Convex | https://docs.convex.dev/cli/deploy-key-types
    convex  (?:prod|dev|preview|project):[a-z0-9][a-z0-9:-]{0,80}\|<b64pad:40,400>  -  -  deploy key
Crates.io | https://doc.rust-lang.org/cargo/reference/publishing.html
    crates-io  cio<an:32>  -  -  API token
Databricks | https://docs.databricks.com/en/dev-tools/auth/pat.html
    databricks  dapi<hex:32>(?:-[0-9])?  -  -  personal access token
    databricks-oauth  dose<hex:32>  -  -  OAuth secret
Datadog | https://docs.datadoghq.com/account_management/api-app-keys/
    datadog-pub  pub<hex:32>  -  datadog/dd/rum  client token
    datadog-pat  ddpat_<an:22>_<an:38>  -  -  personal access token
Daytona | https://www.daytona.io/docs/en/api-keys/
    daytona  dtn_<hex:64>  -  -  API key
Defined | https://docs.defined.net/guides/automating-host-creation/
    defined  dnkey-[0-9A-Za-z=_-]{26}-[0-9A-Za-z=_-]{52}  -  -  API token
Dependency-Track | https://docs.dependencytrack.org/integrations/rest-api/
    dependency-track  odt_<an:32,40>  -  -  API key
    dependency-track-new  odt_<an:8>_<an:32>  -  -  API key
Depot | https://depot.dev/docs/cli/authentication
    depot  depot_(?:user|org|project|ci)_<hex:64>  -  -  token
DigitalOcean | https://docs.digitalocean.com/reference/api/create-personal-access-token/
    digitalocean  do[opr]_v1_<hex:64>  -  -  access token
Discord | https://discord.com/developers/docs/reference#authentication
    discord-bot      [MNO]<url:23,25>\.<url:6,7>\.<url:27,38>  -  -  bot token
    discord-webhook  discord(?:app)?\.com/api/webhooks/<d:17,20>/(?P<s><url:60,80>)  -  -  webhook
Django | https://docs.djangoproject.com/en/stable/ref/settings/#secret-key
    django-insecure  django-insecure-[0-9a-z!@#$%^&*(=_+)-]{40,60}  -  -  generated secret key
Docker | https://docs.docker.com/security/for-developers/access-tokens/
    docker-pat  dckr_(?:pat|oat)_<url:27,32>  -  -  access token
    docker-swarm  SWMTKN-1-<lo:50>-<lo:25>  -  -  swarm join token
    docker-swarm-unlock  SWMKEY-1-<b64:43>  -  -  swarm unlock key
Doppler | https://docs.doppler.com/reference/auth-token-formats
    doppler          dp\.(?:ct|pt|sa|said|scim|audit)\.<an:40,44>  -  -  token
    doppler-service  dp\.st\.(?:[0-9a-z_-]{2,35}\.)?<an:40,44>  -  -  service token
Dropbox | https://www.dropbox.com/developers/documentation/http/documentation
    dropbox-short  sl\.(?:u\.)?[0-9A-Za-z=_-]{100,1500}  -  -  access token
    dropbox-long   <an:11>AAAAAAAAAA[0-9A-Za-z=_-]{43}  -  -  access token
Duffel | https://duffel.com/docs/api/overview/test-mode
    duffel  duffel_(?:test|live)_[0-9A-Za-z=_-]{43}  -  -  access token
Dynatrace | https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens
    dynatrace  dt0[a-z][0-9]{2}\.<an:24>\.<an:64>  -  -  token
E2B | https://e2b.dev/docs/api-key
    e2b  e2b_<hex:40>  -  -  API key
EasyPost | https://docs.easypost.com/docs/authentication
    easypost  EZ[AT]K<an:54>  -  -  API key
Elastic | https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys
    elastic-cloud  essu_<b64:60,120>={0,2}  -  -  API key
ElevenLabs | https://elevenlabs.io/docs/api-reference/authentication
    elevenlabs  sk_<hex:48>  -  -  API key
Facebook | https://developers.facebook.com/docs/facebook-login/guides/access-tokens/
    facebook-user  EA[AC][0-9A-Za-z]{60,400}  -  -  access token
    facebook-app   <d:14,17>\|<url:27,40>  -  -  app access token
Feishu | https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
    feishu-webhook  open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/(?P<s><uuid>)  -  -  webhook
Figma | https://www.figma.com/developers/api#access-tokens
    figma      fig[dour]_?<url:40,80>  -  -  personal access token
    figma-old  <d:4>-<uuid>  -  figma  personal access token
Firecrawl | https://docs.firecrawl.dev/api-reference/introduction
    firecrawl  fc-<hex:32>  -  -  API key
Fleetbase | https://docs.fleetbase.io/
    fleetbase  flb_(?:live|test)_<an:20>  -  -  API key
Fireworks | https://docs.fireworks.ai/api-reference/introduction
    fireworks  fw_<an:22,24>  -  fireworks  API key
Flexport | https://apidocs.flexport.com/
    flexport  shltm_<url:40,60>  -  -  API token
Flutterwave | https://developer.flutterwave.com/docs/authentication
    flutterwave  FLW(?:PUBK|SECK)(?:_TEST)?-<hex:12,32>(?:-X)?  -  -  key
Fly.io | https://fly.io/docs/security/tokens/
    flyio-old  fo1_<url:43>  -  -  access token
    flyio      fm(?:1[ar]|2)_<b64pad:100,2000>  -  -  access token
Frame.io | https://developer.frame.io/docs/getting-started/authentication
    frameio  fio-u-<urlpad:64>  -  -  developer token
Freemius | https://freemius.com/help/documentation/
    freemius  secret_key["']?\s{0,3}=>\s{0,3}["'](?P<s>sk_[^\s"']{29})  -  -  secret key
GitHub | https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
    github-classic       ghp_<an:36>  crc32  -  personal access token
    github-oauth         gho_<an:36>  crc32  -  OAuth access token
    github-app           gh[us]_<an:36>  crc32  -  app token
    github-refresh       ghr_<an:36,76>  crc32  -  refresh token
    github-fine-grained  github_pat_<word:82>  -  -  fine-grained personal access token
    github-server-jwt    ghs_<d:5,9>_eyJ<any:60,600>  -  -  app token
GitLab | https://docs.gitlab.com/security/tokens/#token-prefixes
    gitlab-runner-registration  GR1348941<url:20>  -  -  runner registration token
    gitlab-job                  glcbt-<an:1,5>_<url:20>  -  -  job token
    gitlab-pat-routable         gl(?:pat|rt|dt|ft|cbt|ptt|imt|wt|soat|ffct|agent|oas)-(?:t<an:1>_)?<url:27,300>\.<lo:2>\.?<lo:7,9>  -  -  routable token
    gitlab-runner               glrt-(?:t<an:1>_)?<url:20>  -  -  runner token
    gitlab-pat                  glpat-<url:20>  -  -  personal access token
    gitlab-agent                glagent-<url:50>  -  -  agent token
    gitlab-trigger              glptt-<hex:40>  -  -  trigger token
    gitlab-oauth-secret         gloas-<url:64>  -  -  OAuth application secret
    gitlab-other                gl(?:dt|ft|soat|ffct|imt|wt)-<url:20,26>  -  -  deploy, feed, SCIM, feature flag or mail token
    gitlab-session              _gitlab_session=(?P<s><hex:32>|<lo:32>)  -  -  session cookie
Gitea | https://docs.gitea.com/development/oauth2-provider
    gitea-oauth  gt[ao]_<lo:40,56>  -  -  OAuth2 code or client secret
GoCardless | https://developer.gocardless.com/api-reference/
    gocardless  (?:live|sandbox)_[0-9A-Za-z=_-]{40}  -  -  access token
Google | https://cloud.google.com/docs/authentication/api-keys
    google-api-key        AIza<url:35>  -  -  API key
    google-oauth-secret   GOCSPX-<url:28>  -  -  OAuth client secret
    google-oauth-old      <url:23>-  -  client_secret/clientsecret  OAuth client secret
    google-access         ya29\.(?:[a-z]\.)?<url:20,2000>  -  -  OAuth access token
    google-refresh        1//0<url:40,150>  -  -  OAuth refresh token
    google-code           4/0A<url:50,120>  -  -  OAuth authorization code
    google-push           APA91<url:40,400>  -  -  token of a device that takes pushes
    google-hmac           GOOG1?<up:10,60>  -  gcs/google/storage/hmac/access  HMAC access id
    google-client-id      <d:6,14>-<lo:32>(?:\.apps\.googleusercontent\.com)?  -  -  OAuth client
    recaptcha             6L[0-9A-Za-z]<url:37>  -  recaptcha/captcha  reCAPTCHA key
Grafana | https://grafana.com/docs/grafana/latest/administration/service-accounts/
    grafana-cloud    glc_<b64:32,400>={0,3}  -  -  cloud access policy token
    grafana-service  glsa_<an:32>_<xdigit:8>  -  -  service account token
    grafana-key      eyJrIjoi<b64:60,400>={0,3}  -  -  API key
Groq | https://console.groq.com/docs/quickstart
    groq  gsk_<an:50,52>  -  -  API key
Harness | https://developer.harness.io/docs/platform/automation/api/api-quickstart/
    harness  (?:pat|sat)\.<url:22>\.<an:24>\.<an:20>  -  -  access token
HashiCorp | https://developer.hashicorp.com/vault/docs/concepts/tokens
    vault-service  hvs\.<url:24,130>  -  -  Vault service token
    vault-batch    hvb\.<url:24,300>  -  -  Vault batch token
    vault-recovery  hvr\.<url:24,130>  -  -  Vault recovery token
    vault-old      [sbr]\.(?=[0-9A-Za-z]{0,23}[0-9])<an:24>  -  -  Vault token
    terraform      <an:14>\.atlasv1\.[0-9A-Za-z=_-]{60,70}  -  -  Terraform cloud token
    vault-unseal   <b64:43>[0-9A-Za-z+/=]  -  unseal/recovery\skey  unseal key
    vault-unseal-hex  <hex:64>(?:<hex:2>)?  -  unseal/recovery\skey  unseal key
Helicone | https://docs.helicone.ai/helicone-headers/helicone-auth
    helicone  sk-helicone-(?:<lo:7>-){3}<lo:7>  -  -  API key
Heroku | https://devcenter.heroku.com/articles/platform-api-quickstart
    heroku  HRKU-AA<url:58>  -  -  API key
    heroku-new  HRKU-<uuid>  -  -  API key
Honeycomb | https://docs.honeycomb.io/configure/environments/manage-api-keys/
    honeycomb  hc[a-z]ik_<lo:50,64>  -  -  ingest key
HubSpot | https://developers.hubspot.com/docs/api/private-apps
    hubspot-pat  pat-(?:na|eu)1-<uuid>  -  -  private app token
Hugging Face | https://huggingface.co/docs/hub/security-tokens
    huggingface      hf_(?:[a-zA-Z]{34}|<an:34,40>)  -  -  access token
    huggingface-org  api_org_[a-zA-Z]{34}  -  -  organization token
IFTTT | https://ifttt.com/maker_webhooks
    ifttt  maker\.ifttt\.com/(?:trigger|use)/[0-9A-Za-z_/-]{1,100}/with/key/(?P<s><url:20,90>)  -  -  webhook
Infisical | https://infisical.com/docs/documentation/platform/token
    infisical  st\.<hex:24>\.<hex:32>\.<hex:32>  -  -  service token
Infracost | https://www.infracost.io/docs/
    infracost  ico-(?=[0-9a-f]{0,31}[A-Zg-z])<an:32>  -  -  API token
Instagram | https://developers.facebook.com/docs/instagram-platform
    instagram  IGQ[VW]<an:100,400>  -  -  access token
    threads    THAA<an:100,400>  -  -  access token of Threads
Intra42 | https://api.intra.42.fr/apidoc/guides/getting_started
    intra42  s-s4t2(?:ud|af)-<hex:64>  -  -  client secret
Ionic | https://ionic.io/docs/appflow/
    ionic  ion_<an:42>  -  -  access token
Jenkins | https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/
    jenkins  11<hex:32>  -  jenkins  API token
Jina | https://jina.ai/
    jina  jina_<hex:32><an:28>  -  -  API key
K3s | https://docs.k3s.io/cli/token
    k3s  K10<hex:64>::[a-z]{3,20}:<an:8,64>  -  -  token that joins a cluster
Kaggle | https://www.kaggle.com/docs/api
    kaggle  KGAT_<hex:32>  -  -  API token
Kagi | https://help.kagi.com/kagi/api/overview.html
    kagi  <an:8,12>-?<an:0,4>\.<url:43>  -  kagi  API key
Kubernetes | https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
    kubernetes-bootstrap  <lo:6>\.<lo:16>  -  token/bootstrap/kubeadm  bootstrap token
Langfuse | https://langfuse.com/docs/api-and-data-platform/features/public-api
    langfuse  sk-lf-<uuid>  -  -  secret key
LangSmith | https://docs.langchain.com/langsmith/create-account-api-key
    langsmith  lsv2_[ps][kt]_<hex:32>_<hex:10>  -  -  API key
LaunchDarkly | https://launchdarkly.com/docs/home/account/api
    launchdarkly  (?:api|sdk|mob|launchdarkly-[a-z]{3,10})-<uuid>  -  -  key
Linear | https://linear.app/developers/graphql
    linear  lin_(?:api|oauth)_<an:40,64>  -  -  API key
LlamaCloud | https://docs.cloud.llamaindex.ai/api_key
    llamacloud  llx-<an:48>  -  -  API key
Lob | https://docs.lob.com/
    lob  (?:live|test)_(?:pub_)?<hex:31,35>  -  -  API key
Mailchimp | https://mailchimp.com/developer/marketing/guides/quick-start/
    mailchimp  <hex:32>-us<d:1,2>  -  -  API key
MailerSend | https://developers.mailersend.com/general.html
    mailersend  mlsn\.<hex:64>  -  -  API token
Mailgun | https://documentation.mailgun.com/docs/mailgun/api-reference/authentication/
    mailgun          (?:key|pubkey)-(?P<s><hex:32>)  -  -  API key
    mailgun-signing  <hex:32>-<hex:8>-<hex:8>  -  -  signing key
Mandrill | https://mailchimp.com/developer/transactional/
    mandrill  md-<url:22>  -  -  API key
Mapbox | https://docs.mapbox.com/help/dive-deeper/access-tokens/
    mapbox  [pst]k\.(?:eyJ<url:40,200>|<an:60>)\.<url:22>  -  -  access token
Mattermost | https://developers.mattermost.com/integrate/webhooks/incoming/
    mattermost-webhook  hooks/(?P<s><lo:26>)  -  -  webhook
MaxMind | https://support.maxmind.com/hc/en-us/articles/4407116112539
    maxmind  <an:6>_<an:29>_mmk  -  -  license key
Microsoft Teams | https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/
    teams-webhook  https://(?:[0-9a-z-]{1,60}\.webhook|outlook)\.office\.com/webhook(?:b2)?/<url:36>@<url:36>/IncomingWebhook/<an:32>/<url:36>(?:/[0-9A-Za-z_-]{1,60})?  -  -  webhook
Modal | https://modal.com/docs/guide/modal-user-account-setup
    modal  a[ks]-<an:22>  -  modal  token
Mollie | https://docs.mollie.com/reference/authentication
    mollie  (?:live|test)_<an:30,60>  -  mollie  API key
MongoDB | https://www.mongodb.com/docs/atlas/api/service-accounts-overview/
    mongodb-service  mdb_sa_sk_<url:40>  -  -  service account secret
Neon | https://neon.com/docs/manage/api-keys
    neon           napi_<lo:60,70>  -  -  API key
    neon-password  npg_(?=[A-Za-z]{0,15}[0-9])<an:12,16>  -  -  password of a role
Ngrok | https://ngrok.com/docs/agent/
    ngrok  <an:27>_<an:21>  -  -  auth token
    ngrok-old  [0-9][0-9A-Za-z]{26,30}_[0-9][0-9A-Za-z]{19,21}  -  ngrok  auth token
New Relic | https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
    newrelic         NR(?:AK|RA|AA|II|IQ|JS|SP|AL)-<url:19,44>  -  -  key
    newrelic-license  <lo:36>NRAL  -  -  license key
    newrelic-eu      eu01xx<hex:34>  -  -  license key
    newrelic-pixie   px-(?:api|dep)-<uuid>  -  -  Pixie key
Netlify | https://docs.netlify.com/api/get-started/
    netlify  nf[pcobu]_<an:36>  -  -  access token
Notion | https://developers.notion.com/reference/authentication
    notion      ntn_<d:11><an:35>  -  -  API token
    notion-old  secret_<an:43>  -  -  API token
NPM | https://docs.npmjs.com/about-access-tokens
    npm  npm_<an:36>  crc32  -  access token
NuGet | https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package
    nuget  oy2<lo:43>  -  -  API key
NVIDIA | https://docs.nvidia.com/nim/
    nvidia  nvapi-<url:60,70>  -  -  API key
Octopus | https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key
    octopus  API-<up:26,27>  -  -  API key
Okta | https://developer.okta.com/docs/guides/create-an-api-token/main/
    okta  00<url:40>  -  okta  API token
OpenAI | https://platform.openai.com/docs/api-reference/authentication
    openai          sk-(?:[a-z]{3,9}-)?<url:20,80>T3BlbkFJ<url:20,80>  -  -  API key
    openai-misspelt  sk-<an:20>T?4?[A-Za-z0-9]{0,2}BlbkFJ<an:20>  -  -  API key
    openrouter      sk-or-v1-<hex:64>  -  -  OpenRouter API key
    deepseek        sk-<hex:32>  -  -  DeepSeek API key
    stability       sk-<an:48>  -  stability/stabilityai/moonshot/braintrust  key of Stability and others
    openai-project  sk-(?:proj|svcacct|admin)-<url:40,200>  -  -  API key
OpenShift | https://docs.redhat.com/en/documentation/openshift_container_platform/
    openshift  sha256~<url:43>  -  -  access token
Ory | https://www.ory.com/docs/concepts/personal-access-token
    ory  ory_(?:[a-z]{2,3}|apikey)_<url:20,90>(?:\.<url:20,90>)?  -  -  token
Paddle | https://developer.paddle.com/api-reference/about/api-keys
    paddle  pdl_(?:live|sdbx)_apikey_<lo:26>_<an:22>_<an:3>  -  -  API key
PagerDuty | https://developer.pagerduty.com/docs/
    pagerduty  pd(?:us|eu)\+_<up:6,10>_<url:30,50>  -  -  OAuth token
Pagarme | https://docs.pagar.me/
    pagarme  [ae]k_(?:live|test)_<an:30,32>  -  -  API key
PayPal | https://developer.paypal.com/braintree/docs/guides/authorization/access-token
    braintree  access_token\$(?:production|sandbox)\$<lo:16>\$<hex:32>  -  -  access token
    paypal     A21AA<url:80,120>  -  -  access token
Perplexity | https://docs.perplexity.ai/
    perplexity  pplx-<an:48>  -  -  API key
Pinecone | https://docs.pinecone.io/
    pinecone  pcsk_<an:5,6>_<an:60,66>  -  -  API key
PlanetScale | https://planetscale.com/docs/concepts/service-tokens
    planetscale  pscale_(?:tkn|oauth|pw|user)_[0-9A-Za-z=_.-]{32,64}  -  -  token
Plaid | https://plaid.com/docs/api/tokens/
    plaid  (?:access|public|link)-(?:sandbox|development|production)-<uuid>  -  -  token
Polar | https://polar.sh/docs/integrate/oat
    polar  polar_[a-z]{2,4}_<an:36,60>  -  -  access token
Postman | https://learning.postman.com/docs/developer/postman-api/authentication/
    postman  PMAK-<hex:24>-<hex:34>  -  -  API key
PostHog | https://posthog.com/docs/api
    posthog  ph[cxsra]_<url:43,60>  -  -  API key
Prefect | https://docs.prefect.io/
    prefect  pn[ub]_<an:36>  -  -  API key
PubNub | https://www.pubnub.com/docs/general/setup/account-setup
    pubnub  (?:pub|sub|sec)-c-[0-9A-Za-z]{8}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{12}  -  -  key
Pulumi | https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/
    pulumi  pul-<hex:40>  -  -  access token
Pydantic Logfire | https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/
    logfire  pylf_v[0-9]_(?:us|eu)_<an:43>  -  -  write token
PyPI | https://pypi.org/help/#apitoken
    pypi  pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZ)<url:50,1000>  macaroon  -  upload token
Rancher | https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys
    rancher  (?:token|kubeconfig-u)-<lo:5,12>:<lo:54>  -  -  API token
Razorpay | https://razorpay.com/docs/api/authentication/
    razorpay  rzp_(?:live|test)_<an:14,24>  -  -  API key
ReadMe | https://docs.readme.com/main/reference/intro/authentication
    readme  rdme_<lo:70>  -  -  API key
Render | https://render.com/docs/api
    render  rnd_<an:28,36>  -  -  API key
Replicate | https://replicate.com/docs/reference/http
    replicate  r8_<an:37,48>  -  -  API token
Resend | https://resend.com/docs/api-reference/introduction
    resend  re_<an:8>_<an:24>  -  -  API key
RubyGems | https://guides.rubygems.org/api-key-scopes/
    rubygems  rubygems_<hex:48>  -  -  API key
RunPod | https://docs.runpod.io/get-started/api-keys
    runpod  rpa_<an:40,50>  -  -  API key
Salesforce | https://developer.salesforce.com/docs/
    salesforce  00D<an:12,15>!<any:80,120>  -  -  session id
Scalingo | https://developers.scalingo.com/
    scalingo  tk-us-<url:48>  -  -  API token
Scrapfly | https://scrapfly.io/docs/scrape-api/getting-started
    scrapfly  scp-(?:live|test)-<hex:32>  -  -  API key
Segment | https://segment.com/docs/
    segment  sgp_<an:64>  -  -  public API token
SendGrid | https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
    sendgrid      SG\.<urlpad:20,24>\.<urlpad:39,50>  -  -  API key
    sendgrid-any  SG\.[0-9A-Za-z=_.-]{66}  -  -  API key
Sendinblue | https://developers.brevo.com/docs/getting-started
    sendinblue  x(?:key|smtp)sib-<hex:64>-<an:16>  -  -  API key
Sentry | https://docs.sentry.io/account/auth-tokens/
    sentry-org   sntrys_eyJ<b64:80,400>={0,2}_<b64:43>  -  -  organization token
    sentry-user  sntryu_<hex:64>  -  -  user token
SettleMint | https://console.settlemint.com/documentation/
    settlemint  sm_(?:aat|pat|sat)_<an:16>  -  -  access token
Shippo | https://docs.goshippo.com/docs/guides_general/authentication/
    shippo  shippo_(?:live|test)_<hex:40>  -  -  API token
Shopify | https://shopify.dev/docs/apps/build/authentication-authorization
    shopify  shp(?:at|ca|pa|ss|tka|ua)_<xdigit:32>  -  -  token
Sidekiq | https://github.com/sidekiq/sidekiq/wiki/Commercial-FAQ
    sidekiq  <hex:8>:<hex:8>  -  sidekiq/contribsys  gem server credential
Slack | https://api.slack.com/concepts/token-types
    slack-app       xapp-<d:1>-<up:8,14>-<d:10,14>-<lo:20,80>  -  -  app-level token
    slack-app-old   xapp-<d:12>-<b64:24>  -  -  app-level token
    slack-bot       xoxb-<d:8,14>-(?:<d:10,14>-)?<an:16,34>  -  -  bot token
    slack-bot-new   xoxb-<xdigit:8,12>-<xdigit:8,14>-<xdigit:20,40>  -  -  bot token
    slack-user      xox[pe]-(?:<d:8,14>-){2,3}<an:24,34>  -  -  user token
    slack-legacy    xox[os]-<d:6,14>-<d:6,14>-<d:6,14>-<xdigit:8,64>  -  -  legacy token
    slack-workspace  xox[ar]-(?:<d:1>-)?<an:8,60>  -  -  workspace token
    slack-rotated   xoxe\.xox[bp]-<d:1>-<up:163,170>  -  -  rotated token
    slack-rotated-mixed  xoxe\.xox[bp]-<d:1>-<an:140,200>  -  -  rotated token
    slack-refresh   xoxe-<d:1>-<an:140,200>  -  -  refresh token
    slack-cookie    xoxd-[0-9A-Za-z%+/=]{60,400}  -  -  session cookie
    slack-client    xoxc-<d:8,14>-<d:8,14>-<d:8,14>-<hex:64>  -  -  client token
    slack-webhook   (?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/<b64:40,60>  -  -  webhook
Snyk | https://docs.snyk.io/snyk-api
    snyk  snyk_(?:uat|sat)\.<hex:8>\.<url:40,200>(?:\.<url:20,100>)?  -  -  access token
SonarQube | https://docs.sonarsource.com/sonarqube/latest/user-guide/user-account/generating-and-using-tokens/
    sonar  sq[pua]_<hex:40>  -  -  token
Sourcegraph | https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token
    sourcegraph      sgp_(?:<xdigit:16>_|local_)?<xdigit:40>  -  -  access token
    sourcegraph-instance  sgp_<xdigit:16>_local_<xdigit:32,40>  -  -  access token
    sourcegraph-license  sl[km]_<hex:64>  -  -  license key
Square | https://developer.squareup.com/docs/build-basics/access-tokens
    square-access  sq0(?:atp|idp|csp|idb)-<url:22,50>  -  -  token
    square-old     EAAA[0-9A-Za-z_+=-]{60}[0-9A-Za-z_+=-]?  -  -  access token
StackHawk | https://docs.stackhawk.com/
    stackhawk  hawk\.<url:20>\.<url:20>  -  -  API key
Stripe | https://docs.stripe.com/keys
    stripe          [srpe]k_(?:live|test|prod)_<an:10,250>  -  -  API key
    stripe-client   (?:pi|seti)_<an:14,32>_secret_<an:16,40>  -  -  client secret of a payment or a setup
    stripe-webhook  whsec_<b64:32,64>={0,2}  -  -  webhook secret
Paystack | https://paystack.com/docs/api/authentication/
    paystack  sk_test_<lo:40>  -  -  API key
Supabase | https://supabase.com/docs/guides/api/api-keys
    supabase  sb(?:p_<lo:40>|_secret_<url:31>)  -  -  access token
Supernotes | https://api.supernotes.app/docs
    supernotes  supernotes_sk-<an:20,60>  -  -  API key
Tailscale | https://tailscale.com/kb/1252/key-prefixes
    tailscale  tskey-(?:[a-z]{2,12}-)?<an:6,20>-<an:4,40>  -  -  key
Tavily | https://docs.tavily.com/
    tavily  tvly-(?:dev-)?<an:32>  -  -  API key
TeamCity | https://www.jetbrains.com/help/teamcity/managing-your-user-account.html
    teamcity  eyJ0eXAiOiAiVENWMiJ9\.<url:36>\.<url:48>  -  -  access token
Telegram | https://core.telegram.org/bots/api#authorizing-your-bot
    telegram-url  bot(?P<s><d:8,12>:[0-9A-Za-z]<url:33,34>)  -  -  bot token in the address of a method
    telegram  <d:8,12>:[0-9A-Za-z]<url:33,34>  -  -  bot token
    telegram-short  <d:5,16>:A<url:34>  -  telegr/telegram  bot token
Telnyx | https://developers.telnyx.com/
    telnyx  KEY<word:19>_<url:30,40>  -  -  API key
    telnyx-v2  KEY<url:50,60>  -  telnyx  API key
Tencent Cloud | https://www.tencentcloud.com/document/product/598/32675
    tencent  AKID<an:32>  -  -  secret id
TrueNAS | https://www.truenas.com/docs/
    truenas  <d:1,3>-(?=[0-9a-f]{0,63}[A-Zg-z])<an:64>  -  -  API key
Together AI | https://docs.together.ai/
    together  tgp_v1_<url:43>  -  -  API key
Twilio | https://www.twilio.com/docs/iam/api-keys
    twilio-key      SK<hex:32>  -  -  API key
    twilio-account  AC<hex:32>  -  -  account SID
Twitch | https://dev.twitch.tv/docs/authentication/
    twitch-stream  live_<d:8,10>_<an:30>  -  -  stream key
Twitter | https://developer.x.com/en/docs/authentication/oauth-2-0/bearer-tokens
    twitter-bearer  AAAAAAAAAAAAAAAAAAAA<an:2>[0-9A-Za-z%]{60,120}  -  -  bearer token
    twitter-access  <d:15,25>-<an:20,45>  -  -  access token
Typeform | https://www.typeform.com/developers/get-started/personal-access-token/
    typeform  tfp_[0-9A-Za-z=_.-]{40,60}  -  -  personal access token
Ubidots | https://docs.ubidots.com/
    ubidots  BBFF-<an:30,35>  -  -  token
Vercel | https://vercel.com/docs/rest-api
    vercel  vc[kpiar]_<an:50,60>  -  -  access token
    vercel-blob  vercel_blob_rw_<an:14,18>_<an:28,34>  -  -  blob token
Voiceflow | https://docs.voiceflow.com/
    voiceflow  VF\.(?:DM|WS)\.<hex:24>\.<an:16>  -  -  API key
Volcengine | https://www.volcengine.com/docs/6291/65568
    volcengine  AKLT<an:40,60>  -  -  access key
Voyage AI | https://docs.voyageai.com/docs/api-key-and-installation
    voyage  pa-<url:43>  -  voyage  API key
Weights & Biases | https://docs.wandb.ai/
    wandb  wandb_v1_<url:60,90>  -  -  API key
xAI | https://docs.x.ai/docs/overview
    xai  xai-<word:70,80>  -  -  API key
Yandex | https://yandex.cloud/en/docs/iam/concepts/authorization/
    yandex-iam  t1\.[A-Z0-9a-z_-]{1,200}={0,2}\.[A-Z0-9a-z_-]{86}={0,2}  -  -  IAM token
    yandex-key  AQVN<url:35,38>  -  -  API key
    yandex-aws  YC<url:38>  -  yandex  static key
    yandex-oauth  y[0-3]_<url:50,70>  -  -  OAuth token
Zapier | https://help.zapier.com/
    zapier  hooks\.zapier\.com/hooks/catch/(?P<s>(?:<d:4,10>/)?<an:6,24>)  -  -  webhook
Teamwork | https://apidocs.teamwork.com/
    teamwork  tkn\.v1_<b64pad:60,100>  -  -  API key
Nightfall | https://help.nightfall.ai/
    nightfall  NF-<an:32>  -  -  API key
Code Climate | https://docs.codeclimate.com/docs/configuring-test-coverage
    codeclimate  <hex:64>  -  codeclimate/reporter_id  test reporter id
Dfuse | https://docs.dfuse.eosnation.io/
    dfuse  (?:web|server|mobile)_<hex:32>  -  -  API key
Tines | https://www.tines.com/docs/
    tines  https://[0-9a-z-]{1,60}\.tines\.com/webhook/<hex:32>/(?P<s><hex:32>)  -  -  webhook
Zoho | https://www.zoho.com/crm/developer/docs/api/v6/access-refresh.html
    zoho  1000\.<hex:32>\.<hex:30,32>  -  -  OAuth token
Courier | https://www.courier.com/docs/reference/auth/intro/
    courier  (?:pk|dk)_(?:prod|test)_<up:28>  -  -  auth token
Klaviyo | https://developers.klaviyo.com/en/docs/authenticate_
    klaviyo  pk_<lo:34>  -  -  private key
IEX Cloud | https://iexcloud.io/docs/
    iex  [ps]k_<an:32,35>  -  iex/iexcloud/iexapis  token
Blynk | https://docs.blynk.io/en/blynk.cloud/device-https-api
    blynk  oa2-client-id_<url:32>:(?P<s><url:40>)  -  -  OAuth client secret
    blynk-token  blynk\.cloud/<any:4,60>\?token=(?P<s><url:32>)  -  -  device token
ThingsBoard | https://thingsboard.io/docs/reference/http-api/
    thingsboard  thingsboard\.cloud/api/v1/(?P<s><lo:20>)  -  -  device token
Kerberos | https://hashcat.net/wiki/doku.php?id=example_hashes
    krb5-asrep  \$krb5(?:asrep|tgs)\$<d:2>\$[^\s"']{40,4000}  -  -  ticket hash
Password hashes | https://manpages.debian.org/bookworm/libcrypt-dev/crypt.5.en.html
    hash-md5     \$(?:1|apr1)\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}  -  -  md5crypt hash
    hash-bcrypt  \$2[abxy]\$<d:2>\$[./0-9A-Za-z]{53}  -  -  bcrypt hash
    hash-sha256  \$5\$(?:rounds=<d:1,9>\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}  -  -  sha256crypt hash
    hash-sha512  \$6\$(?:rounds=<d:1,9>\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}  -  -  sha512crypt hash
    hash-cisco   \$[89]\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}  -  -  Cisco type 8 or 9 hash
    hash-argon   \$argon2(?:id|i|d)\$v=<d:1,3>\$m=<d:1,9>,t=<d:1,3>,p=<d:1,3>\$<b64:8,90>\$<b64:16,128>  -  -  argon2 hash
    hash-django    pbkdf2_sha(?:1|256|512)\$<d:3,8>\$<an:4,64>\$<b64:27,88>={0,2}  -  -  hash of Django
    hash-werkzeug  (?:scrypt:<d:2,8>:<d:1,3>:<d:1,3>|pbkdf2:sha(?:1|256|512):<d:3,8>)\$<an:4,64>\$<hex:40,128>  -  -  hash of Werkzeug
    hash-scram     SCRAM-SHA-(?:1|256)\$<d:3,8>:<b64:8,88>={0,2}\$<b64:27,44>={0,2}:<b64:27,44>={0,2}  -  -  SCRAM keys (RFC 5803)
    hash-postgres  md5<hex:32>  -  password/passwd/rolpassword  md5 hash of PostgreSQL
    hash-mysql     \*[0-9A-F]{40}  -  mysql/mariadb/password/identified/authentication/grant  hash of MySQL
    hash-scheme    \{(?:S?SHA(?:256|384|512)?|S?MD5)\}<b64:22,120>={0,2}  -  -  hash in LDAP (RFC 2307) and htpasswd
    hash-yescrypt  \$y\$[./0-9A-Za-z]{2,6}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}  -  -  yescrypt hash
PASETO | https://github.com/paseto-standard/paseto-spec
    paseto  v[1-4]\.(?:local|public)\.<url:40,4000>(?:\.<url:1,1000>)?  -  -  token
Wallets | https://en.bitcoin.it/wiki/Wallet_import_format
    bip32    [xyztuv]prv<b58:107>  base58check  -  extended private key (BIP-32)
    wif      [5KL]<b58:50,51>  base58check  -  private key
    stellar  S[A-D]<b32:54>  crc16  -  secret seed (SEP-23)
PKCS | https://www.rfc-editor.org/rfc/rfc7468
    pem-base64  LS0tLS1CRUdJTi(?!BDRVJUSUZJQ0FURS|BQVUJMSUMg)[0-9A-Za-z+/]{60,8000}={0,2}  -  -  private key in base64
    der-pkcs8   MII<b64:2>[AQgw]IBADANBgkqhkiG9w0BAQEFAASC<b64:100,8000>={0,2}  -  -  RSA key (RFC 5958) without its lines of PEM
    der-rsa     MII<b64:2>[AQgw]IBAAK[BC]<b64:100,8000>={0,2}  -  -  RSA key (RFC 8017) without its lines of PEM
    der-ec      MIG[HT]AgEAMBMGByqGSM49AgEGCCqGSM49AwEH<b64:60,400>={0,2}  -  -  EC key (RFC 5958) without its lines of PEM
    der-sec1    MHcCAQEEI<b64:60,300>={0,2}  -  -  EC key (RFC 5915) without its lines of PEM
    der-ed25519  MC4CAQAwBQYDK2V[wu]BCIEI<b64:43>  -  -  Ed25519 or X25519 key (RFC 8410) without its lines of PEM
    pkcs12      MII[0-9A-Za-z+/]{4}AgEDMII<b64:100,8000>={0,2}  -  -  PKCS 12 file
"""


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The table."""
    found: list[Row] = []
    vendor = url = ""
    for line in _TABLE.strip().splitlines():
        if line[0] != " ":
            vendor, url = line.split(" | ")
            continue
        name, pattern, checksum, near, what = line.split(maxsplit=4)
        words = () if near == "-" else tuple(near.split("/"))
        found.append(Row(name, vendor, url, pattern, "" if checksum == "-" else checksum, words, what))
    return tuple(found)


_PLACE = late(r"<([a-z0-9]+):(\d+)(?:,(\d+))?>")


def regex(pattern: str) -> str:
    """A row's pattern as a regular expression."""

    def place(match: re.Match[str]) -> str:
        alphabet, low, high = match.groups()
        return f"[{ALPHABETS[alphabet]}]{{{low}{',' + high if high else ''}}}"

    return _PLACE.sub(place, pattern.replace("<uuid>", _UUID))


def example(row: Row, more: str = "") -> str:
    """A token of a row's form, invented: the same each time for the same `more`, and nobody's."""
    text = _Example(regex(row.pattern), random.Random(row.id + more)).made()  # noqa: S311, no key comes of it
    if row.checksum == "crc32":
        return text[:-6] + checksums.crc_of_body(text)
    if row.checksum == "bech32":
        prefix = text.partition("1")[0]
        made = f"{prefix.lower()}1{_DATA}{checksums.bech32_check(prefix.lower(), _DATA)}"
        return made if prefix.islower() else made.upper()
    if row.checksum in checksums.MENDED:
        return checksums.MENDED[row.checksum](text)
    return text


_DATA = "qpzry9x8gf2tvdw0s3jn54khce6mua7lqpzry9x8gf2tvdw0s3jn"


class _Example:
    """Makes a text that a row's pattern matches: of alternatives the first, of counts the least."""

    def __init__(self, pattern: str, chance: random.Random) -> None:
        self._pattern = pattern
        self._at = 0
        self._chance = chance

    def made(self) -> str:
        """One alternative after the other, up to a closing bracket or the end."""
        alternatives = [""]
        while self._at < len(self._pattern) and self._pattern[self._at] != ")":
            if self._take("|"):
                alternatives.append("")
            else:
                alternatives[-1] += self._part()
        return alternatives[0]

    def _part(self) -> str:
        look = _LOOK_AHEAD.match(self._pattern, self._at)
        if look:
            self._at = look.end()
            return ""
        if self._take("("):
            self._at += len(_GROUP_HEAD.match(self._pattern, self._at)[0])  # type: ignore[index]
            inner = self.made()
            self._at += 1
            return inner * self._count()
        letters = self._letters()
        return "".join(self._chance.choice(letters) for _ in range(self._count()))

    def _letters(self) -> str:
        if self._take("["):
            end = self._pattern.index("]", self._at + 1)
            inside, self._at = self._pattern[self._at : end], end + 1
            if inside[0] == "^":
                return "abcdefghijklmnopqrstuvwxyz0123456789"
            return _spread(inside)
        self._at += 2 if self._pattern[self._at] == "\\" else 1
        letter = self._pattern[self._at - 1]
        return " " if self._pattern[self._at - 2 : self._at] == "\\s" else letter

    def _count(self) -> int:
        count = _COUNT.match(self._pattern, self._at)
        if count is None:
            return 1
        self._at = count.end()
        return int(count[1] or 0)

    def _take(self, sign: str) -> bool:
        found = self._pattern.startswith(sign, self._at)
        self._at += found
        return found


_LOOK_AHEAD = late(r"\(\?[=!][^)]*\)")
_GROUP_HEAD = late(r"\?:|\?P<s>|")
_COUNT = late(r"\{(\d+)(?:,\d+)?\}|\?")
_RANGE = late(r"(.)-(.)|(.)")


def _spread(inside: str) -> str:
    """The characters of a class."""
    found = ""
    for first, last, alone in _RANGE.findall(inside):
        found += alone or "".join(map(chr, range(ord(first), ord(last) + 1)))
    return found
