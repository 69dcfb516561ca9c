"""Who calls AWS, where, and every call: the SDK is touched in this file only."""

from __future__ import annotations

import io
import os
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalice.aws import errors
from chalice.aws.retrying import MOST_CONNECTS, MOST_TRIES, Again, Patience, passes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.session import Session as SdkSession

    from chalice.diagnostics import ToolError

_CONNECT_SECONDS = 10
# The longest call uploads an archive or waits for a function: 15 minutes at most.
# Source: Lambda developer guide, "Lambda quotas", row "Function timeout".
_READ_SECONDS = 910

# How urllib3 begins its sentences: `AWSHTTPSConnection(host='...', port=443): Failed to ...`.
_CONNECTION = re.compile(r"\A\w*Connection\([^)]*\): ")

# What answers that are a head and nothing else always have. One that breaks off is taken for whole
# by `http.client`, which ends a head where a connection ends.
# Source: S3 API reference, HeadObject, "Response Syntax".
_HEADS = {"head_object": ("ContentLength", "LastModified")}

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
        self._lock = threading.Lock()
        self._sdk: SdkSession | None = None
        self._clients: dict[tuple[str, str], Any] = {}

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
        """Where services answer, if it is not at AWS."""
        return self._access.endpoint_url or self._environ.get("AWS_ENDPOINT_URL")

    def call(
        self,
        service: str,
        operation: str,
        *,
        repeatable: bool = True,
        region: str | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Return the answer of one operation of *service*, `create_change_set`.

        Calls that are throttled are made again, and where they are *repeatable* also those whose
        answer is lost. They go to the session's region unless they name another one.

        Raises:
            NoAccess: there is nobody to call as.
            Unreachable: nothing answered.
            AwsError: AWS refused.
        """
        client = self._client(service, region or self.region)
        tries = MOST_TRIES if repeatable else 1
        return self._patience.until_answered(lambda: _once(client, operation, parameters, tries))

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
                self._sdk = sdk
            return self._sdk

    def _client(self, service: str, region: str) -> Any:
        if (service, region) in self._clients:
            return self._clients[service, region]
        from botocore.config import Config  # noqa: PLC0415 - half a second
        from botocore.exceptions import BotoCoreError, InvalidRegionError  # noqa: PLC0415 - as above

        session = self._session()
        key, secret = self._access.keys or (None, None)
        config = Config(
            # Tries are counted in one place, which is `retrying`.
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=self._access.connect_seconds,
            read_timeout=_READ_SECONDS,
            # Bucket names are no host names at other endpoints.
            s3={"addressing_style": "path"} if self.endpoint_url else None,
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
        except ValueError as error:  # it says `Invalid endpoint: ...`
            raise errors.no_endpoint(str(error)) from error
        except BotoCoreError as error:
            raise _untold(error) from error
        self._clients[service, region] = client
        return client


def _once(
    client: Any, operation: str, parameters: dict[str, Any], tries_of_lost: int
) -> dict[str, Any]:
    from botocore.exceptions import (  # noqa: PLC0415 - the caller has imported it
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        EndpointConnectionError,
        HTTPClientError,
        IncompleteReadError,
    )
    from botocore.parsers import ResponseParserError  # noqa: PLC0415 - the same

    url: str = client.meta.endpoint_url
    try:
        answer: dict[str, Any] = _whole(getattr(client, operation)(**parameters))
    except ClientError as error:
        told = _refusal(client, error, parameters)
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if passes(str(error.response.get("Error", {}).get("Code", "")), status):
            raise Again(told) from error
        raise told from error
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        told = errors.not_reached(url, client.meta.region_name, _reason(error))
        raise Again(told, MOST_CONNECTS) from error
    except (HTTPClientError, IncompleteReadError) as error:
        raise Again(errors.answer_lost(url, str(error)), tries_of_lost) from error
    except ResponseParserError as error:
        told = errors.not_aws(url, client.meta.region_name)
        raise Again(told, min(MOST_CONNECTS, tries_of_lost)) from error
    except BotoCoreError as error:
        raise _untold(error) from error
    if any(name not in answer for name in _HEADS.get(operation, ())):
        raise Again(errors.answer_lost(url, "it breaks off"), tries_of_lost)
    return answer


def _whole(answer: dict[str, Any]) -> dict[str, Any]:
    """Return *answer* with what streams in it read: a stream that breaks off is an answer lost."""
    from botocore.response import StreamingBody  # noqa: PLC0415 - the caller has imported it

    for name, value in answer.items():
        if isinstance(value, StreamingBody):
            with value:
                answer[name] = io.BytesIO(value.read())
    return answer


def _refusal(client: Any, error: Any, parameters: Mapping[str, Any]) -> ToolError:
    response = error.response
    said = response.get("Error", {})
    return errors.refused(
        str(client.meta.service_model.signing_name),
        str(error.operation_name),
        str(said.get("Code", "")),
        str(said.get("Message", "")),
        int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)),
        next((str(parameters[name]) for name in _SUBJECTS if name in parameters), ""),
    )


def _reason(error: Exception) -> str:
    """Return why nothing could be sent, without what only repeats where."""
    cause: object = getattr(error, "kwargs", {}).get("error")
    return _CONNECTION.sub("", str(cause or error)).rstrip(".")


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
    return errors.NoAccess(f"AWS cannot be called: {text}")
