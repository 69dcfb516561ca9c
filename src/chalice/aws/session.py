"""Who calls AWS, where, and every call: the SDK is touched in this file only."""

from __future__ import annotations

import getpass
import io
import json
import os
import re
import threading
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalice.aws import errors
from chalice.aws.retrying import (
    MOST_CONNECTS,
    MOST_TRIES,
    Again,
    Patience,
    is_passing,
    is_throttled,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.session import Session as SdkSession

    from chalice.diagnostics import ToolError

_CONNECT_SECONDS = 10
# How long is waited for an answer, or for its next piece. Source: botocore, `endpoint.py`,
# DEFAULT_TIMEOUT.
_READ_SECONDS = 60.0

# How urllib3 begins its sentences: `AWSHTTPSConnection(host='...', port=443): Failed to ...`.
_CONNECTION = re.compile(r"\A\w*Connection\([^)]*\): ")

# What answers that are a head and nothing else always have. One that breaks off is taken for whole
# by `http.client`, which ends a head where a connection ends.
# Source: S3 API reference, HeadObject, "Response Syntax".
_HEADS = {"head_object": ("ContentLength", "LastModified")}

# How something else than AWS answers what it does not know, or nobody has logged in to.
_PAGES = frozenset({301, 302, 303, 307, 308, 400, 404, 405, 407, 501})

# Parameters that say what a call is about, for messages.
_SUBJECTS = (
    *("StackName", "Bucket", "FunctionName", "logGroupName", "RoleName", "LayerName"),
    *("PolicyArn", "CertificateArn", "Arn", "domainName", "logGroupNamePrefix"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach AWS, where it is not left to the SDK and its environment.

    Attributes:
        profile: the profile of the SDK's configuration files.
        region: the region; that of the environment or the profile where it is None.
        endpoint_url: where every service answers; AWS_ENDPOINT_URL is for the SDK to read.
        keys: access key and secret, which make the SDK look for no others.
        connect_seconds: how long is waited for a connection.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    keys: tuple[str, str] | None = field(default=None, repr=False)
    connect_seconds: float = _CONNECT_SECONDS

    @classmethod
    def to_sandbox(cls, endpoint_url: str, region: str | None) -> Access:
        """Return the way to an AWS on loopback; nothing of the user's own is used or sent."""
        return cls(
            region=region or "us-east-1", endpoint_url=endpoint_url, keys=("sandbox", "sandbox")
        )


class Session:
    """Calls AWS as one user in one region.

    Args:
        access: how to reach it.
        environ: the user's variables, as far as the SDK does not read them.
        patience: how long is waited between tries.
    """

    def __init__(
        self, access: Access, environ: Mapping[str, str], patience: Patience | None = None
    ) -> None:
        self._access = access
        self._environ = environ
        self._patience = patience or Patience()
        # Sessions of the SDK make one client at a time. Source: boto3 documentation, "Session
        # reference", "Multithreading or multiprocessing with sessions".
        self._lock = threading.RLock()
        self._sdk: SdkSession | None = None
        self._clients: dict[tuple[str, str, float], Any] = {}

    @property
    def region(self) -> str:
        """The region.

        Raises:
            NoAccess: nobody has chosen one.
        """
        chosen = self._access.region or self._environ.get("AWS_REGION")
        found = chosen or self._session().get_config_variable("region")
        if not found:
            raise errors.no_region()
        return str(found)

    @property
    def endpoint_url(self) -> str | None:
        """Where CloudFormation answers, if it is not at AWS; other services answer there, too."""
        return self.endpoint_of("cloudformation")

    def endpoint_of(self, service: str) -> str | None:
        """Return where a service answers, if it is not at AWS.

        Variables, and keys of a profile, may name an endpoint, of all services or of one.

        Raises:
            NoAccess: there is no region, or what is named is no URL.
        """
        if self._access.endpoint_url is not None:
            return self._access.endpoint_url
        region = self.region
        url = str(self._client(service, region, _READ_SECONDS).meta.endpoint_url)
        return None if errors.is_of_aws(url, region) else url

    def call(
        self,
        service: str,
        operation: str,
        *,
        repeatable: bool = True,
        region: str | None = None,
        read_seconds: float = _READ_SECONDS,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Return the answer of one operation of *service*, `create_change_set`.

        Args:
            service: as the SDK calls it.
            operation: the same.
            repeatable: whether it does no harm to make the call again after its answer was lost;
                calls that are throttled are made again in any case.
            region: where it goes, if it is not the session's region.
            read_seconds: how long is waited for an answer.
            parameters: those of the operation.

        Raises:
            NoAccess: there is nobody to call as.
            Unreachable: nothing answered.
            AwsError: AWS refused.
        """
        client = self._client(service, region or self.region, read_seconds)
        call = _Call(client, operation, parameters, repeatable)
        return self._patience.until_answered(call.once)

    def _session(self) -> SdkSession:
        from botocore import session as botocore_session  # noqa: PLC0415 - half a second
        from botocore.exceptions import BotoCoreError, ProfileNotFound  # noqa: PLC0415 - the same

        with self._lock:
            if self._sdk is None:
                variables: dict[str, Any] = {}
                if self._access.keys is not None:
                    # A profile of the user's that is missing or broken is not looked at.
                    variables = {
                        "profile": (None, [], None, None),
                        "config_file": (None, [], os.devnull, None),
                        "credentials_file": (None, [], os.devnull, None),
                    }
                sdk = botocore_session.Session(variables)
                if self._access.profile is not None:
                    sdk.set_config_variable("profile", self._access.profile)
                try:
                    sdk.get_scoped_config()
                except ProfileNotFound as error:
                    name = str(sdk.get_config_variable("profile"))
                    raise errors.no_profile(name, sdk.available_profiles) from error
                except BotoCoreError as error:
                    raise _untold(error) from error
                if self._access.keys is None:
                    _ask_by_terminal(sdk)
                self._sdk = sdk
            return self._sdk

    def _client(self, service: str, region: str, read_seconds: float) -> Any:
        key = (service, region, read_seconds)
        if key in self._clients:
            return self._clients[key]
        with self._lock:
            if key not in self._clients:
                path_style = self._access.endpoint_url is not None
                made = self._made(*key, path_style=path_style)
                elsewhere = not errors.is_of_aws(str(made.meta.endpoint_url), region)
                if service == "s3" and elsewhere and not path_style:
                    # Bucket names are no host names at other endpoints.
                    made = self._made(*key, path_style=True)
                self._clients[key] = made
            return self._clients[key]

    def _made(self, service: str, region: str, read_seconds: float, *, path_style: bool) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - half a second
        from botocore.exceptions import BotoCoreError, InvalidRegionError  # noqa: PLC0415 - as above

        session = self._session()
        key, secret = self._access.keys or (None, None)
        config = Config(
            # Tries are counted in one place, which is `retrying`.
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=self._access.connect_seconds,
            read_timeout=read_seconds,
            # Whatever is in between forgets a connection over which nothing goes.
            tcp_keepalive=read_seconds > _READ_SECONDS,
            # Nothing of the user's own is used: what is on this machine has no proxy before it.
            proxies={} if self._access.keys is not None else None,
            s3={"addressing_style": "path"} if path_style else None,
        )
        try:
            client = session.create_client(
                cast("Any", service),
                region_name=region,
                endpoint_url=self._access.endpoint_url,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                config=config,
            )
        except InvalidRegionError as error:
            raise errors.bad_region(region) from error
        except (OSError, json.JSONDecodeError) as error:
            # Programs and files that credentials come from are looked at here.
            raise _unusable(error) from error
        except ValueError as error:  # it says `Invalid endpoint: ...`
            raise errors.no_endpoint(str(error)) from error
        except BotoCoreError as error:
            raise _untold(error) from error
        if service == "s3":
            client.meta.events.register_first("needs-retry.s3", _refuse_elsewhere)
        return client


@dataclass(frozen=True, slots=True)
class _Call:
    """One call, which may be made several times.

    Attributes:
        client: that of the service.
        operation: as the SDK calls it.
        parameters: those of the operation.
        repeatable: whether making it twice does no harm.
    """

    client: Any
    operation: str
    parameters: Mapping[str, Any]
    repeatable: bool

    def once(self) -> dict[str, Any]:
        """Make the call.

        Raises:
            Again: it may go well the next time.
            ToolError: it will not.
        """
        from botocore.exceptions import (  # noqa: PLC0415 - the caller has imported it
            BotoCoreError,
            ClientError,
            ConnectTimeoutError,
            EndpointConnectionError,
            HTTPClientError,
            IncompleteReadError,
            ProxyConnectionError,
            SSLError,
        )
        from botocore.parsers import ResponseParserError  # noqa: PLC0415 - the same

        url, region = str(self.client.meta.endpoint_url), str(self.client.meta.region_name)
        tries = MOST_TRIES if self.repeatable else 1
        try:
            answer = _whole(getattr(self.client, self.operation)(**self.parameters))
        except ClientError as error:
            raise self._refusal(error, tries) from error
        except (EndpointConnectionError, ConnectTimeoutError) as error:
            told = errors.not_reached(url, region, _reason(error), repeatable=self.repeatable)
            raise Again(told, MOST_CONNECTS) from error
        except ProxyConnectionError as error:
            raise Again(errors.no_proxy(str(error)), MOST_CONNECTS) from error
        except SSLError as error:
            raise errors.not_trusted(url, _reason(error)) from error
        except (HTTPClientError, IncompleteReadError) as error:
            raise Again(self._lost(url, str(error)), tries) from error
        except (ResponseParserError, KeyError) as error:
            # The parser of the SDK takes XML of anybody, and looks in it for what is not there.
            raise Again(errors.not_aws(url, region), min(MOST_CONNECTS, tries)) from error
        except (OSError, json.JSONDecodeError) as error:
            # Calls themselves fail otherwise: these are files and programs of credentials.
            raise _unusable(error) from error
        except BotoCoreError as error:
            raise _untold(error) from error
        if any(name not in answer for name in _HEADS.get(self.operation, ())):
            raise Again(self._lost(url, "it breaks off"), tries)
        return answer

    def _lost(self, url: str, reason: str) -> ToolError:
        return errors.answer_lost(url, reason, repeatable=self.repeatable)

    def _refusal(self, error: Any, tries_of_lost: int) -> Exception:
        """Return what is raised where AWS refuses."""
        response = error.response
        said = response.get("Error", {})
        code = str(said.get("Code", ""))
        status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        url, region = str(self.client.meta.endpoint_url), str(self.client.meta.region_name)
        # Answers to HEAD have no body; the SDK takes the status for the code then.
        says_nothing = not said.get("Message") and code in {"", "Unknown", str(status)}
        of_s3 = str(self.client.meta.service_model.service_name) == "s3"
        if says_nothing and status in _PAGES and not of_s3:
            return errors.not_aws(url, region, status)
        told = errors.refused(
            errors.Refusal(
                str(self.client.meta.service_model.signing_name),
                str(error.operation_name),
                code,
                str(said.get("Message", "")),
                status,
                next(
                    (str(self.parameters[name]) for name in _SUBJECTS if name in self.parameters),
                    "",
                ),
                region,
            )
        )
        if is_throttled(code, status):
            return Again(errors.throttled(told, MOST_TRIES))
        if is_passing(code, status):
            return Again(errors.failed(told, repeatable=self.repeatable), tries_of_lost)
        return told


def _whole(answer: dict[str, Any]) -> dict[str, Any]:
    """Return *answer* with what streams in it read: a stream that breaks off is an answer lost."""
    from botocore.response import StreamingBody  # noqa: PLC0415 - the caller has imported it

    for name, value in answer.items():
        if isinstance(value, StreamingBody):
            with value:
                answer[name] = io.BytesIO(value.read())
    return answer


def _reason(error: Exception) -> str:
    """Return why nothing could be sent, without what only repeats where."""
    cause: object = getattr(error, "kwargs", {}).get("error")
    return _CONNECTION.sub("", str(cause or error)).rstrip(".")


def _ask_by_terminal(sdk: SdkSession) -> None:
    """Let *sdk* ask for codes where there is a terminal, and nowhere else."""
    provider = sdk.get_component("credential_provider").get_provider("assume-role")
    # There is no other way to say who is asked: the SDK takes it where it makes the provider.
    provider._prompter = _asked  # noqa: SLF001 - see above


def _asked(prompt: str) -> str:
    """Return what a person answers.

    Raises:
        NoAccess: there is no terminal.
    """
    with warnings.catch_warnings():
        # What cannot hide the answer is no terminal.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as error:
            raise errors.nobody_to_ask(prompt) from error


def _refuse_elsewhere(
    response: tuple[Any, Mapping[str, Any]] | None,
    request_dict: Mapping[str, Any],
    operation: Any,
    **_: object,
) -> None:
    """Refuse what the SDK would follow into another region, which others cannot follow.

    Source: S3 user guide, "Making requests using the REST API", "Request redirection"; its codes
    are those that the SDK goes by (botocore, `utils.py`, S3RegionRedirectorv2).

    Raises:
        Elsewhere: the bucket is in another region.
    """
    if response is None:
        return
    parsed = response[1]
    said, facts = parsed.get("Error", {}), parsed.get("ResponseMetadata", {})
    status = int(facts.get("HTTPStatusCode", 0))
    if status not in {301, 307, 400}:
        return
    region = facts.get("HTTPHeaders", {}).get("x-amz-bucket-region") or said.get("Region")
    called = request_dict.get("context", {}).get("client_region")
    if region and called and region != called:
        raise errors.Elsewhere(operation.name, region=region, called=called, status=status)


def _unusable(error: OSError | json.JSONDecodeError) -> ToolError:
    """Return what is told of files and programs that credentials come from."""
    if isinstance(error, json.JSONDecodeError):
        return errors.unusable(f"what its program says is no JSON ({error})")
    return errors.unusable(f"{error.strerror or error}: `{error.filename}`")


def _untold(error: Exception) -> ToolError:
    """Return what an error of the SDK itself is told as."""
    from botocore import exceptions as sdk  # noqa: PLC0415 - the caller has imported it

    text = str(error).rstrip(".")
    if isinstance(error, sdk.NoRegionError):
        return errors.no_region()
    if isinstance(
        error, (sdk.SSOTokenLoadError, sdk.UnauthorizedSSOTokenError, sdk.TokenRetrievalError)
    ):
        return errors.expired(text)
    if isinstance(error, (sdk.NoCredentialsError, sdk.NoAuthTokenError)):
        return errors.no_credentials()
    if isinstance(
        error, (sdk.PartialCredentialsError, sdk.CredentialRetrievalError, sdk.ConfigParseError)
    ):
        return errors.no_credentials(text)
    if isinstance(error, (sdk.InvalidConfigError, sdk.ProfileNotFound, sdk.UnknownCredentialError)):
        return errors.unusable(text)
    return errors.NoAccess(f"AWS cannot be called: {text}")
