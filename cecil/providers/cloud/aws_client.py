"""One connection to one service of AWS, by the vendor's own client: boto3, and botocore in it.

Owns: who we are (botocore's chain of credentials: environment, shared files, SSO, containers, instances;
`--profile`; a role on top of it), where the service is, one call, and what a failure means in words. Refuses:
botocore's own retries (`retry` alone tries again), and to hand on what a service says of a failure: it may
quote what was asked, or who asked.

botocore does not hold a reply against its Content-Length. Half of a JSON reply is taken for a whole one that
has no fields: a paginator ends, and says nothing. Here it is a failure, and is asked for again.
"""

import json
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import cecil
from cecil.errors import MissingExtraError, UsageError
from cecil.providers.cloud.clock import Clock
from cecil.providers.cloud.network import quiet
from cecil.providers.cloud.retry import TABLE, Action, Effort, Fault, Retry, retry_after, rule
from cecil.stream.offline import online

if TYPE_CHECKING:
    from botocore.session import Session

CONNECT_TIMEOUT = 10
READ_TIMEOUT = 60
"""Seconds without a byte."""

_SKEW = 240
"""Seconds that a clock may be wrong before a signature is refused for it (AWS allows 5 or 15 minutes)."""

_SERVICES = {"logs", "s3", "sts", "portal.sso", "oidc", "signin"}
"""What is kept of botocore's table of endpoints: ours, and what its chain of credentials asks."""


class Login(NamedTuple):
    """Who asks, and where; None for what the environment says.

    Attributes:
        profile: of the shared files of AWS.
        region: such as eu-west-1.
        role: ARN of a role to take on.
        endpoint: URL of the service, for one that is not AWS's own.
    """

    profile: str | None = None
    region: str | None = None
    role: str | None = None
    endpoint: str | None = None


class CutShort(Exception):
    """A reply has fewer bytes than its headers say, or not even all of them."""


class AwsClient:
    """A service of AWS.

    Args:
        service: its name in botocore: logs, s3.
        login: who asks, and where.
        effort: where bytes and tries are counted.
        retry: how calls are tried again; its `renew` becomes ours.

    Attributes:
        clock: the service's time.
        region: where it is; None for S3 anywhere.

    Raises:
        MissingExtraError: boto3 is not installed.
        UsageError: no such profile, no region, no such endpoint.
    """

    def __init__(self, service: str, login: Login, effort: Effort, retry: Retry) -> None:
        try:
            import boto3
        except ImportError:
            raise MissingExtraError("reading from AWS", "aws") from None
        quiet("boto3", "botocore", "urllib3")
        self._boto3 = boto3
        self.service = service
        self.login = login
        self.clock = Clock()
        self.region: str | None = None
        self._effort = effort
        self._retry = retry
        retry.renew = self._connect
        self._client: Any = None
        self._connect()

    def _connect(self) -> None:
        """Read the chain of credentials (again), and make the client."""
        online()
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        self.close()
        try:
            session = _session(self.login)
            self.region = (
                self.login.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
            )
            if self.region is None and self.service != "s3":
                raise UsageError("no region", hint="--region eu-west-1, or AWS_REGION, or aws configure")
            own = self.login.endpoint or any(name.startswith("AWS_ENDPOINT_URL") for name in os.environ)
            self._client = self._boto3.Session(botocore_session=session).client(
                self.service,
                region_name=self.region or "us-east-1",
                endpoint_url=self.login.endpoint,
                config=Config(
                    retries={"total_max_attempts": 1, "mode": "standard"},
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                    tcp_keepalive=True,
                    user_agent_extra=f"cecil/{cecil.__version__}",
                    # Stores beside AWS seldom have a host name for each bucket.
                    s3={"addressing_style": "path"} if own else None,
                ),
            )
        except (BotoCoreError, ValueError) as error:
            self._refuse(error)
        events = self._client.meta.events
        name = self._client.meta.service_model.service_id.hyphenize()
        events.register(f"after-call.{name}", self._replied)
        if self.service == "logs":
            events.register(f"before-parse.{name}.FilterLogEvents", _parse)

    def _refuse(self, error: Exception) -> NoReturn:
        fault = self.judge("AWS", error)
        if fault is None:
            raise UsageError(
                "--endpoint-url: not a URL of a service", hint="--endpoint-url https://HOST:PORT"
            ) from None
        raise UsageError(fault.message, hint=fault.hint) from None

    @property
    def endpoint(self) -> str:
        """The URL that is asked."""
        return str(self._client.meta.endpoint_url)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def call(self, operation: str, what: str, /, **arguments: Any) -> dict[str, Any]:
        """One call, until it succeeds.

        Args:
            operation: the client's method: `filter_log_events`.
            what: what is read, for messages: `log group /app/prod`.

        Raises:
            SourceError: it failed for good.
        """
        return self._retry.call(partial(self.once, operation, **arguments), partial(self.judge, what))

    def once(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """One call, tried once; raises what the client raises."""
        reply: dict[str, Any] = getattr(self._client, operation)(**arguments)
        return reply

    def _replied(self, http_response: Any, model: Any, **_: Any) -> None:
        self.clock.learn(http_response.headers.get("date"))
        if model.has_streaming_output and http_response.status_code < 300:
            return
        if model.http.get("method") == "HEAD":
            return
        headers = http_response.headers
        length = len(http_response.content)
        self._effort.bytes += length
        # Without a length and without chunks, the reply ended in its headers.
        if "transfer-encoding" not in headers and headers.get("content-length") != str(length):
            raise CutShort

    def judge(self, what: str, error: Exception) -> Fault | None:
        """Which fault an exception of botocore is, and what the user is told; None for a bug."""
        from botocore import exceptions

        if isinstance(error, exceptions.ClientError):
            return self._answered(what, error)
        network = _on_the_way(error)
        if network:
            code, words = network
            host = self.endpoint.partition("//")[2] if self._client else self.service
            return Fault(code, f"{what}: {words} {host}", _NETWORK_HINTS.get(code))
        return self._of_the_login(what, error)

    def _answered(self, what: str, error: Any) -> Fault:
        """What a reply with an error means. Its own words are not told: they may quote who asked for what."""
        about = error.response.get("ResponseMetadata", {})
        status = int(about.get("HTTPStatusCode") or 0)
        code = str(error.response.get("Error", {}).get("Code") or "")
        row = f"aws {code}" if f"aws {code}" in TABLE else f"http {status}"
        asked = f"{self.service}:{error.operation_name}"
        if error.operation_name.startswith("AssumeRole"):
            asked, what = f"sts:{error.operation_name}", "--role-arn"
        message, hint = self._in_words(what, asked, code, status)
        if rule(row).action is Action.SLOWER:
            message, hint = f"{what}: AWS throttles {asked}", "--rate N asks less often"
        elif rule(row).action is Action.AGAIN:
            message, hint = f"{what}: AWS fails at {asked}", None
        return Fault(row, message, hint, retry_after((about.get("HTTPHeaders") or {}).get("retry-after")))

    def _in_words(self, what: str, asked: str, code: str, status: int) -> tuple[str, str | None]:
        if code in _CLOCK or (code in _SIGNATURE and abs(self.clock.ahead) > _SKEW):
            side = "ahead of" if self.clock.ahead > 0 else "behind"
            by = f"{abs(self.clock.ahead) / 60:.0f} minutes {side}"
            return (
                f"this machine's clock is {by} AWS's, which refuses what it signs",
                "timedatectl set-ntp true",
            )
        if code in _EXPIRED:
            return "the login of AWS has expired", self._login_hint()
        if code in _SIGNATURE:
            return "AWS does not know these credentials", self._login_hint()
        if code in _DENIED:
            hint = f"ask for the permission {asked}, or name another login: --profile, --role-arn"
            return f"{what}: no permission for {asked}", hint
        if code in _MISSING:
            place = f" in {self.region}" if self.region else ""
            return f"{what}: not there{place}", _MISSING[code]
        if code in _OTHERS:
            return f"{what}: {_OTHERS[code][0]}", _OTHERS[code][1]
        known = code if code.isascii() and code.isalnum() else f"status {status}"
        return f"{what}: AWS refuses {asked} with {known}", None

    def _login_hint(self) -> str:
        profile = self.login.profile or os.environ.get("AWS_PROFILE")
        return f"aws sso login --profile {profile}" if profile else "aws sso login, or aws configure"

    def _of_the_login(self, what: str, error: Exception) -> Fault | None:
        """What went wrong before anything was asked."""
        kinds = {kind.__name__ for kind in type(error).__mro__}
        for names, message, hint in _BEFORE:
            if kinds & names:
                login = {"login": self._login_hint()}
                return Fault("aws client", message.format(what=what), hint and hint.format(**login))
        return None


# By name: which of them there are depends on botocore's version.
_BEFORE: tuple[tuple[set[str], str, str | None], ...] = (
    ({"NoCredentialsError"}, "no credentials of AWS", "{login}, or AWS_PROFILE, or --profile"),
    ({"PartialCredentialsError"}, "half of the credentials of AWS", "aws configure"),
    ({"ProfileNotFound"}, "no such profile of AWS", "aws configure list-profiles"),
    (
        {"ConfigParseError", "ConfigNotFound", "InvalidConfigError", "UnknownCredentialError"},
        "the settings of AWS cannot be read",
        "look into ~/.aws/config and ~/.aws/credentials",
    ),
    (
        {"SSOError", "LoginError", "TokenRetrievalError", "NoAuthTokenError"},
        "the login of AWS has expired",
        "{login}",
    ),
    (
        {"CredentialRetrievalError", "MetadataRetrievalError", "RefreshWithMFAUnsupportedError"},
        "the credentials of AWS cannot be had",
        "{login}",
    ),
    (
        {"InvalidRegionError", "NoRegionError", "UnknownRegionError", "EndpointProviderError"},
        "no such region, or no such service there",
        "--region eu-west-1",
    ),
    ({"FlexibleChecksumError"}, "{what}: what came is not what was stored (its checksum)", "run again"),
    ({"ParamValidationError", "ValidationError"}, "{what}: not a name that AWS has", None),
)
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_CLOCK = {"RequestTimeTooSkewed", "RequestInTheFuture"}
_SIGNATURE = {
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "InvalidToken",
}
_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "403",
    "AllAccessDisabled",
    "OptInRequired",
    "UnauthorizedOperation",
    "AccountProblem",
}
_MISSING = {
    "ResourceNotFoundException": "cecil-fetch aws --list names what is there; --region looks elsewhere",
    "NoSuchBucket": "aws s3 ls names your buckets; s3://BUCKET/PREFIX",
    "NoSuchKey": "it was deleted since it was listed; run again",
    "NoSuchUpload": "run again",
    "404": "cecil-fetch aws --s3 s3://BUCKET --list names what is there",
}
_OTHERS = {
    "PreconditionFailed": ("it was changed while it was read", "run again; what changed is read anew"),
    "412": ("it was changed while it was read", "run again; what changed is read anew"),
    "InvalidRange": ("it was changed while it was read", "run again; what changed is read anew"),
    "416": ("it was changed while it was read", "run again; what changed is read anew"),
    "InvalidObjectState": ("it is archived", "aws s3api restore-object brings it back"),
    "PermanentRedirect": ("it is in another region", "--region REGION"),
    "AuthorizationHeaderMalformed": ("it is in another region", "--region REGION"),
    "IllegalLocationConstraintException": ("it is in another region", "--region REGION"),
    "InvalidBucketName": ("not a name of a bucket", "s3://BUCKET/PREFIX"),
    "MalformedQueryException": (
        "not a query of CloudWatch Logs Insights",
        "a query is like: fields @timestamp, @message | filter @message like /ERROR/",
    ),
    "InvalidOperationException": (
        "its class is Infrequent Access, of which only queries read",
        "--query 'fields @timestamp, @logStream, @message'",
    ),
    "InvalidParameterException": (
        "AWS refuses a parameter",
        "look at the filter pattern, the names and the times; --describe shows what is there",
    ),
}
_NETWORK_HINTS = {
    "net name": "look at the spelling of --region and --endpoint-url, and at the network",
    "net refused": "look at --endpoint-url, and whether a firewall is in the way",
    "net tls": "AWS_CA_BUNDLE names the certificates to trust",
    "net proxy": "look at HTTPS_PROXY and NO_PROXY",
}


def _parse(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Take a reply's fields as they are: botocore copies each, in thrice the time and memory."""
    import orjson

    if response_dict["status_code"] >= 300:
        return
    body, response_dict["body"] = response_dict["body"], b"{}"
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            found = json.loads(body)  # what orjson refuses, as half of a surrogate pair
        except ValueError:
            raise CutShort from None
    if not isinstance(found, dict):
        raise CutShort
    customized_response_dict.update(found)


def _on_the_way(error: Exception) -> tuple[str, str] | None:
    """The row of a failure of the network, and words that its host follows; None for another failure."""
    import ssl

    import urllib3.exceptions as low
    from botocore import exceptions as ex
    from botocore.parsers import ResponseParserError

    if isinstance(error, (CutShort, ResponseParserError, ex.ResponseStreamingError, ex.IncompleteReadError)):
        return "net cut", "a reply was cut short by"
    if isinstance(error, (ex.SSLError, low.SSLError, ssl.SSLError)):
        return "net tls", "no trusted connection to"
    if isinstance(error, (ex.ConnectTimeoutError, ex.ReadTimeoutError, low.TimeoutError, TimeoutError)):
        return "net timeout", "no answer from"
    if isinstance(error, (ex.ProxyConnectionError, low.ProxyError)):
        return "net proxy", "no way through the proxy to"
    if isinstance(error, ex.EndpointConnectionError):
        inner = error.kwargs.get("error")
        if isinstance(inner, (low.NameResolutionError, OSError)):
            return "net name", "no such host:"
        return "net refused", "no connection to"
    if isinstance(error, (ex.HTTPClientError, low.HTTPError, OSError)):
        return "net reset", "the connection was cut by"
    return None


def _session(login: Login) -> "Session":
    """A session of botocore, with the role on top of its chain."""
    import botocore.session

    session = botocore.session.Session(profile=login.profile)
    session.register_component("data_loader", _loader())
    if login.role:
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

        create: Callable[..., Any] = session.create_client
        region = login.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
        own = session.get_credentials()
        if own is None:
            from botocore.exceptions import NoCredentialsError

            raise NoCredentialsError
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(create, region_name=region or "us-east-1"),
            source_credentials=own,
            role_arn=login.role,
            extra_args={"RoleSessionName": "cecil-fetch"},
        )
        # What botocore has no public way for; boto3's users set it so.
        session._credentials = DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
    return session


def _loader() -> Any:
    from botocore.loaders import Loader

    return Loader(file_loader=_LeanFiles())


class _LeanFiles:
    """botocore's descriptions of services, without the prose and the services that nobody asks.

    They cost 12 MB as botocore reads them, a quarter of the whole process; like this 5.
    """

    def exists(self, path: str) -> bool:
        return any(os.path.isfile(path + suffix) for suffix in (".json", ".json.gz"))

    def load_file(self, path: str) -> Any:
        """What is in a file, whose name lacks its suffix; None where there is none."""
        import gzip

        import orjson

        for suffix, opened in ((".json", open), (".json.gz", gzip.open)):
            if os.path.isfile(path + suffix):
                with opened(path + suffix, "rb") as file:
                    data = orjson.loads(file.read())
                if os.path.basename(path) == "endpoints":
                    for partition in data["partitions"]:
                        services = partition["services"]
                        partition["services"] = {k: services[k] for k in _SERVICES & services.keys()}
                else:
                    _strip(data)
                return data
        return None


def _strip(value: Any) -> None:
    """Take the prose out of a description of a service."""
    if isinstance(value, dict):
        if isinstance(value.get("documentation"), str):
            value["documentation"] = ""
        for inner in value.values():
            _strip(inner)
    elif isinstance(value, list):
        for inner in value:
            _strip(inner)
