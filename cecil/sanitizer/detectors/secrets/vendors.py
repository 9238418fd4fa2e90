"""Names of vendors whose keys have no form of their own: `acme_key = 5f4d…` is a key because of `acme`.

Owns: the names, one word each, in small letters. A vendor is added by adding its word.
"""

from cecil.sanitizer.late import late

_SURE = """
1password abstractapi adafruit adafruitio adobe airbrake airtable aiven alchemy algolia alibaba alibabacloud
alienvault amplitude anthropic anypoint apifonica apify apilayer apimetrics apitemplate appcues appfollow
appointedd appoptics appsynergy appveyor artifactory asana assemblyai atera atlassian audd auth0 authress
autoklose avaza aviationstack axonaut ayrshare azureopenai azuresearch bannerbear baremetrics beebole
besnappy besttime betterstack bitbar bitbucket bitcoinaverage bitfinex bitly bitmex bittrex blazemeter
blitapp blocknative blynk bombbomb boostnote borgbase braintree brandfetch browserstack browshot bscscan
buddyns budibase bugherd bugsnag buildkite bulbul buttercms bybit caflou calendarific calendly calorieninja
campayn canny cannyio capsulecrm carboninterface cashfree centralstationcrm cerebras chartmogul chatfuel
checio checkly checklyhq circleci clarifai clearbit clickhouse clicksend clickup cliengo clockify clojars
closecrm cloudant cloudconvert cloudflare cloudimage cloudinary cloudmersive cloudplan cloudsight cloudsmith
cloverly clustdoc codacy codeclimate codecov codemagic cohere coinapi coinbase coinlayer coinlib
coinmarketcap collect2 commercejs confluent contentful conversiontools convertapi convertkit countrylayer
coveralls craftmypdf crowdin cryptocompare currencyfreaks currencylayer currencyscoop currentsapi d7network
dailyco dandelion dareboost databox databricks datadog datagov debounce deepai deepgram deepl deepseek
detectify detectlanguage dfuse diffbot diggernaut digitalocean discord disqus dockerhub docparser documo
docusign doppler dronahq droneci dropbox duffel dynalist dynatrace dyspatch eagleeyenetworks easypost
ecostruxureit edenai elasticemail elevenlabs etherscan ethplorer etsy eventbrite everhour exchangerate
exchangerateapi exchangerates exchangeratesapi extractorapi fastforex fastly feedier fetchrss figma fileio
finage financialmodelingprep findl finicity finnhub firebase firecrawl fireworks fixerio flatio fleetbase
flexport flickr flightapi flightlabs flutterwave flyio formbucket formcraft formio foursquare frameio
freemius freshbooks freshdesk freshworks fullstory fxmarket geckoboard geminidata geoapify geocode geocodify
geoipifi getemail getgeoapi getgist getresponse ghost giphy gitkraken gitter glassnode gocardless goodday
grafana graphhopper groovehq groq gtmetrix gumroad gyazo happyscribe harness hashicorp hellosign helpcrunch
helpscout hereapi heroku hiveage holidayapi honeycomb hotjar html2pdf hubspot huggingface hybiscus ibmcloud
iconfinder iexapis iexcloud imagekit imagga imgur infracost infura insightly instabot instagram intercom
interseller intra42 intrinio ip2location ipapi ipdata ipgeolocation ipifi ipify ipinfo ipquality
ipqualityscore ipstack jfrog jotform jumpcloud jupiterone juro kaggle kagi karmacrm keen keycloak kickbox
klaviyo klipfolio knapsackpro kontent kraken kucoin kylas languagelayer launchdarkly leadfeeder lemlist
lemonsqueezy lendflow lessannoyingcrm lexigram lexoffice linenotify linkedin linkpreview litellm livestorm
loadmill lob logdna loggly loginradius logz logzio lokalise looker loyverse lunchmoney madkudu mailboxlayer
mailchimp mailerlite mailgun mailjet mailjetsms mailmodo mailosaur mailsac mailtrap mandrill mapbox mapquest
marketstack mattermost mavenlink maxmind mediastack meistertask meraki mesibo messagebird metaapi metabase
metrilo mindmeister miro mistral mistralai mixmax mixpanel mockaroo monkeylearn moonclerk moosend moralis
mux myintervals nasdaq nasdaqdatalink netlify newrelic newsapi newscatcher nexmo nftport ngrok nicereply
nightfall nightfallai nozbe nuget numverify nvapi nvidia nylas nytimes oanda octopus okta omnisend onedesk
onelogin onesignal onfleet oopspam openai opencagedata openrouter openuv openweather openweathermap opsgenie
optimizely overloop owlbot packagecloud pagarme pagerduty pandadoc pandascore paperform paralleldots parseur
particleio partnerstack passbase pastebin paydirtapp paymoapp paymongo paypal paystack pdflayer pdfshift
peopledatalabs pepipost percy perplexity pinata pinecone pingdom pipedream pipedrive pivotaltracker pixabay
plaid planetscale planyo podio pollsapi positionstack postageapp posthog postman postmark powrbot prefect
prismic privateai prodpad prospectcrm protocolsio proxycrawl pscale pubnub pulumi purestake pushbullet
pusher pushover pyowm pypi qase qdrant qualaroo qualys qubole quickbase quicknode rabbitmq rapid7 rapidapi
rawg razorpay reachmail readme reallysimplesystems rebrandly recaptcha redash refiner rentman replicate
replyio requestfinance restpack ritekit roblox rocketreach rockset rollbar route4me rubygems runpod runscope
salesblink salescookie salesflare salesforce sambanova saucelabs scaleway scalingo scalyr scrapeowl
scraperai scraperapi scraperbox scrapestack scrapfly scrapingant scrapingbee screenshotapi screenshotlayer
securitytrails segmentio selectpdf sendbird sendgrid sendinblue sentry serpapi serphouse serpstack
settlemint sherpadesk shipday shippo shodan shopify shotstack shutterstock sidekiq signalwire signaturit
signupgenius sigopt simfin simplesat simplynoted simvoly sinch skrapp skrappio skybiometry smartling
smartsheet smartsheets smartystreets snipcart snowflake snyk sonarcloud sonarqube sourcegraph sparkpost
speechtext speechtextai splunk spoonacular sportsmonk spotify squarespace squareup sslmate stackhawk
statuscake statuspage statuspal stitchdata stockdata storecove stormboard stormglass storyblok storychief
strapi stripe stripo stytch sumo sumologic supabase supernotes surveybot surveysparrow survicate swiftype
tailscale tallyfy tatum tatumio taxjar teamworkcrm teamworkdesk teamworkspaces technicalanalysisapi tefter
telegram teletype telnyx terraform theoddsapi thingsboard ticketmaster tickettailor tiingo timecamp
timezoneapi tines tmetric todoist toggl toggltrack tomorrowio tomtom tradier transferwise travelpayouts
travisci trello trufflehog twelvedata twilio twitch twitter tyntec typeform typesense ubidots uclassify
unplu unplugg unsplash upcdatabase uplead uploadcare upstash uptimerobot upwave urlscan userflow userstack
vagrant vagrantcloud vatlayer vbout vercel verifier verimail veriphone versioneye viewneo virustotal
visualcrossing voiceflow voicegain voodoosms vpnapi vultr vyte walkscore wandb weatherapi weatherbit
weatherstack weaviate web3storage webflow webscraper webscraping whoxy wistia wit worksnaps workstack
worldcoinindex worldweather wrike xai yandex yelp youneedabudget yousign zapier zapierwebhook zendesk zenkit
zenrows zenscrape zeplin zerobounce zerotier zipcodeapi zipcodebase zoho zohocrm zonka zonkafeedback zoom
zulip zyte
"""

_COMMON = """
age apollo autopilot aws azure beamer blogger box branch bridge chatbot cicero close clover coda column
courier daily data datagov dd defined delighted ditto django docker elastic enigma envoy eraser exchange
facebook fixer flat float fly frame front fulcrum gcp github gitlab google guardian hive holistic humanity
hunter ibm impala ionic jenkins jira karma kubernetes less line linear magnetic moderation monday mongodb
mysql nimble noticeable notify notion npm particle pastebin polygon postgres privacy prospect protocols
raven redis refiner reply segment semaphore shortcut simple slack sonar square streak teamwork tly travis
vault web3 youtube
"""

COMMON = frozenset(_COMMON.split())
"""Words that also mean something else: they count only beside a word such as `secret` or `key`."""

SURE = frozenset(_SURE.split()) - COMMON
"""Words that name nothing but the vendor."""

_LONGEST = 4

_GLUED = late("(?:access|api|client|key|secret|token)+$")


def named(words: tuple[str, ...], sure: bool = False) -> bool:
    """Whether words of a name, run together up to four, are a vendor's.

    Args:
        words: in lower case.
        sure: whether words that also mean something else are left out.
    """
    for start in range(len(words)):
        together = ""
        for word in words[start : start + _LONGEST]:
            together += word
            for name in (together, _GLUED.sub("", together)):
                if name in SURE or (not sure and name in COMMON):
                    return True
    return False
