"""Calls of AWS: what is tried again, and what a refusal is told as."""

import os
import subprocess
import sys
import time

import pytest
from tests import faulty, sandboxes

from chalice.aws.account import SdkAccount
from chalice.aws.errors import AwsError, Denied, NoAccess, Unreachable
from chalice.aws.retrying import MOST_CONNECTS, MOST_TRIES, Patience
from chalice.aws.s3 import Changed
from chalice.aws.session import Access, Session
from chalice.diagnostics import ToolError

THROTTLED = [
    pytest.param(faulty.error("TooManyRequests", "Slow down", 429), id="429"),
    pytest.param(faulty.error("Throttling", "Rate exceeded", 400), id="400 Throttling"),
    pytest.param(faulty.error("ServiceUnavailable", "Later", 503), id="503"),
    pytest.param(faulty.LOST_REQUEST, id="a lost request"),
    pytest.param(faulty.LOST_ANSWER, id="a lost answer"),
    pytest.param(faulty.HALF_ANSWER, id="half an answer"),
]


@pytest.fixture
def proxy(aws_url):
    with faulty.proxy(aws_url) as found:
        yield found


@pytest.mark.parametrize("fault", THROTTLED)
def test_a_call_that_is_refused_for_now_is_made_again(proxy, fault):
    slept = []
    account = SdkAccount(sandboxes.session(proxy.url, slept))
    proxy.fault = lambda number, _: fault if number == 1 else None

    caller = account.caller()

    assert caller.account == "000000000000"
    assert (proxy.calls, slept) == (["GetCallerIdentity"] * 2, [0.5])


def test_an_object_that_is_cut_off_is_read_again(proxy, aws_url):
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket="cut-off")
    bucket = SdkAccount(sandboxes.session(proxy.url)).bucket("cut-off", "000000000000")
    bucket.write("key", b"0123456789")
    proxy.calls.clear()
    proxy.fault = lambda number, _: faulty.HALF_ANSWER if number == 1 else None

    found = bucket.read("key")

    assert found.data == b"0123456789"
    assert len(proxy.calls) == 2


def test_an_answer_that_is_cut_off_in_its_head_is_asked_for_again(proxy, aws_url):
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket="cut-off-head")
    bucket = SdkAccount(sandboxes.session(proxy.url)).bucket("cut-off-head", "000000000000")
    bucket.write("key", b"0123456789")
    proxy.calls.clear()
    proxy.fault = lambda number, _: faulty.HALF_ANSWER if number == 1 else None

    found = bucket.head("key")

    assert found.size == 10
    assert len(proxy.calls) == 2


def test_every_third_call_may_be_refused(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    later = faulty.error("Throttling", "Rate exceeded")
    proxy.fault = lambda number, _: later if number % 3 == 0 else None

    callers = {account.caller().account for _ in range(6)}

    assert callers == {"000000000000"}


def test_waits_between_tries_grow_and_end(proxy):
    slept = []
    account = SdkAccount(sandboxes.session(proxy.url, slept))
    proxy.fault = lambda _number, _name: faulty.error("Throttling", "Rate exceeded")

    with pytest.raises(AwsError) as caught:
        account.caller()

    assert caught.value.code == "Throttling"
    assert len(proxy.calls) == MOST_TRIES
    assert slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0]


def failure(code, status):
    """Return how Lambda refuses."""
    return faulty.Answer(status, f'{{"__type": "{code}", "message": "Later"}}', "application/json")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faulty.LOST_REQUEST, id="a lost request"),
        pytest.param(faulty.LOST_ANSWER, id="a lost answer"),
        pytest.param(faulty.HALF_ANSWER, id="half an answer"),
        pytest.param(failure("ServiceException", 500), id="500"),
        pytest.param(failure("ServiceException", 502), id="502"),
        pytest.param(failure("ServiceUnavailable", 503), id="503"),
        pytest.param(failure("GatewayTimeout", 504), id="504"),
        pytest.param(failure("RequestTimeout", 408), id="RequestTimeout"),
        pytest.param(failure("RequestTimeoutException", 400), id="RequestTimeoutException"),
    ],
)
def test_an_invocation_that_may_have_been_carried_out_is_not_made_again(proxy, fault):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: fault

    with pytest.raises(ToolError) as caught:
        account.functions.invoke("report", b"{}")

    assert len(proxy.calls) == 1
    assert "goes on from where things are" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(failure("TooManyRequestsException", 429), id="429"),
        pytest.param(failure("EC2ThrottledException", 502), id="throttled with 502"),
    ],
)
def test_an_invocation_that_is_throttled_is_made_again(proxy, fault):
    slept = []
    account = SdkAccount(sandboxes.session(proxy.url, slept))
    proxy.fault = lambda _number, _name: fault

    with pytest.raises(AwsError):
        account.functions.invoke("report", b"{}")

    assert len(proxy.calls) == MOST_TRIES


def test_a_lost_answer_of_an_invocation_does_not_advise_to_run_it_again(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: faulty.LOST_ANSWER

    with pytest.raises(Unreachable, match="may have been carried out") as caught:
        account.functions.invoke("report", b"{}")

    assert str(caught.value).endswith("see whether it was before it is asked for again")


def test_an_answer_is_waited_for_as_long_as_the_call_says(proxy):
    proxy.fault = lambda _number, _name: faulty.Late(lambda: time.sleep(0.3))
    session = sandboxes.session(proxy.url, [])

    with pytest.raises(Unreachable, match="Read timeout"):
        session.call("sts", "get_caller_identity", repeatable=False, read_seconds=0.1)
    answer = session.call("sts", "get_caller_identity")

    assert answer["Account"] == "000000000000"


def test_a_proxy_of_the_user_is_not_used_for_the_sandbox(aws_url, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{sandboxes.free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    account = SdkAccount(sandboxes.session(aws_url, []))

    assert account.caller().account == "000000000000"


def test_where_nothing_listens_the_message_names_the_address():
    slept = []
    url = f"http://127.0.0.1:{sandboxes.free_port()}"
    account = SdkAccount(sandboxes.session(url, slept))

    with pytest.raises(Unreachable) as caught:
        account.caller()

    assert str(caught.value).startswith(f"Nothing answers at `{url}`")
    assert "AWS_ENDPOINT_URL" in str(caught.value)
    assert "changed nothing" in str(caught.value)
    assert len(slept) == 2


def test_where_aws_cannot_be_reached_network_and_region_are_named(nobody):
    keys = ("a", "b")
    slept = []
    patience = Patience(slept.append, lambda: 1.0)
    account = SdkAccount(Session(Access(region="eu-nowhere-9", keys=keys), {}, patience))

    with pytest.raises(Unreachable) as caught:
        account.caller()

    text = str(caught.value)
    assert text.startswith("Nothing answers at `https://sts.eu-nowhere-9.amazonaws.com`")
    assert "the region `eu-nowhere-9`" in text
    assert "AWS_ENDPOINT_URL" not in text


def test_what_does_not_answer_as_aws_does_is_told(proxy):
    slept = []
    account = SdkAccount(sandboxes.session(proxy.url, slept))
    page = faulty.Answer(501, "<!DOCTYPE HTML><html><p>Unsupported method</html>", "text/html")
    proxy.fault = lambda _number, _name: page

    with pytest.raises(Unreachable) as caught:
        account.caller()

    assert f"What answers at `{proxy.url}` does not answer as AWS does" in str(caught.value)
    assert "AWS_ENDPOINT_URL" in str(caught.value)
    assert len(slept) == MOST_CONNECTS - 1


def test_a_page_that_happens_to_be_xml_is_no_answer_of_aws(proxy):
    slept = []
    account = SdkAccount(sandboxes.session(proxy.url, slept))
    page = faulty.Answer(200, "<html><body>Log in to the network</body></html>", "text/html")
    proxy.fault = lambda _number, _name: page

    for call in (account.caller, lambda: account.stacks.stack("shop-dev")):
        with pytest.raises(Unreachable) as caught:
            call()
        assert f"What answers at `{proxy.url}` does not answer as AWS does" in str(caught.value)


@pytest.mark.parametrize("page", ["<html><body>404 page not found</body></html>", ""])
def test_a_refusal_without_a_code_is_none_of_aws(proxy, page):
    account = SdkAccount(sandboxes.session(proxy.url, []))
    proxy.fault = lambda _number, _name: faulty.Answer(404, page, "text/html")

    with pytest.raises(Unreachable) as caught:
        account.caller()

    assert f"What answers at `{proxy.url}` does not answer as AWS does" in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            faulty.Answer(301, headers=(("x-amz-bucket-region", "us-east-2"),)), id="by its head"
        ),
        pytest.param(
            faulty.Answer(
                400,
                "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong;"
                " expecting 'us-east-2'</Message><Region>us-east-2</Region></Error>",
            ),
            id="by its body",
        ),
    ],
)
def test_a_bucket_in_another_region_is_refused_and_not_followed(proxy, fault):
    bucket = SdkAccount(sandboxes.session(proxy.url)).bucket("elsewhere", "000000000000")
    proxy.fault = lambda _number, _name: fault

    for call in (lambda: bucket.write("key", b""), lambda: bucket.read("key")):
        with pytest.raises(AwsError) as caught:
            call()
        assert str(caught.value).startswith(
            "The bucket `elsewhere` is in `us-east-2`, and `us-east-1` is deployed to"
        )
    assert len(proxy.calls) == 2


def test_a_bucket_in_another_region_is_found_by_a_look_at_an_object(proxy):
    bucket = SdkAccount(sandboxes.session(proxy.url)).bucket("elsewhere", "000000000000")
    fault = faulty.Answer(301, headers=(("x-amz-bucket-region", "us-east-2"),))
    proxy.fault = lambda _number, _name: fault

    with pytest.raises(AwsError, match="is in `us-east-2`"):
        bucket.head("key")


def test_a_refusal_says_that_the_call_has_changed_nothing(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: faulty.error("LimitExceededException", "Too many stacks")

    with pytest.raises(AwsError) as caught:
        account.stacks.delete_stack("shop-dev", "token")

    assert str(caught.value) == (
        "AWS refused `DeleteStack`: Too many stacks. Nothing was changed by this call"
    )


def test_a_stack_that_is_protected_says_what_lifts_it(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    said = "Stack [shop-dev] cannot be deleted while TerminationProtection is enabled"
    proxy.fault = lambda _number, _name: faulty.error("ValidationError", said)

    with pytest.raises(AwsError) as caught:
        account.stacks.delete_stack("shop-dev", "token")

    assert "is protected from being removed" in str(caught.value)
    assert "aws cloudformation update-termination-protection" in str(caught.value)


def test_what_is_throttled_for_good_says_how_things_are(proxy):
    account = SdkAccount(sandboxes.session(proxy.url, []))
    proxy.fault = lambda _number, _name: faulty.error("Throttling", "Rate exceeded")

    with pytest.raises(AwsError) as caught:
        account.stacks.stack("shop-dev")

    assert str(caught.value) == (
        "AWS refused `DescribeStacks` each of 8 times: Rate exceeded. Nothing was changed by"
        " this call; wait a moment, and run the command again: it goes on from where things are"
    )


def test_a_failure_of_aws_for_good_says_how_things_are(proxy):
    account = SdkAccount(sandboxes.session(proxy.url, []))
    proxy.fault = lambda _number, _name: faulty.error("InternalFailure", "Sorry", 500)

    with pytest.raises(AwsError) as caught:
        account.stacks.stack("shop-dev")

    assert str(caught.value) == (
        "AWS failed at `DescribeStacks`: Sorry. What was asked for may have been carried out all"
        " the same; run the command again: it goes on from where things are"
    )


@pytest.mark.parametrize("url", ["nonsense", "localhost:4566", "http://"])
def test_an_endpoint_that_is_no_url_is_told(nobody, monkeypatch, url):
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    account = SdkAccount(Session(Access(region="eu-west-3"), os.environ))

    with pytest.raises(NoAccess, match="AWS_ENDPOINT_URL") as caught:
        account.caller()

    assert url in str(caught.value)


def test_a_region_that_is_no_name_is_told(nobody):
    account = SdkAccount(Session(Access(region="no region", keys=("a", "b")), {}))

    with pytest.raises(NoAccess, match="`no region` is no region"):
        account.caller()


def test_a_denied_call_names_the_action_and_the_resource(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    arn = "arn:aws:cloudformation:us-east-1:1:stack/shop-dev/*"
    who = "User: arn:aws:iam::1:user/a"
    said = f"{who} is not authorized to perform: cloudformation:X on resource: {arn}"
    proxy.fault = lambda _number, _name: faulty.error("AccessDenied", said, 403)

    with pytest.raises(Denied) as caught:
        account.stacks.stack("shop-dev")

    assert (caught.value.action, caught.value.resource) == ("cloudformation:X", arn)
    assert str(caught.value) == (
        f"Access denied: the credentials in use may not `cloudformation:X` on `{arn}`. Nothing was"
        " changed by this call. Let an administrator allow it, or use other credentials: `--profile"
        " NAME`"
    )


def test_a_bucket_of_somebody_else_is_told(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    bucket = account.bucket("somebody-elses", "123456789012")
    proxy.fault = lambda _number, _name: faulty.Answer(403)

    with pytest.raises(Denied, match="may not `s3:GetObject` on `somebody-elses`"):
        bucket.head("key")
    with pytest.raises(Denied) as caught:
        bucket.write("key", b"")

    assert (caught.value.action, caught.value.resource) == ("s3:PutObject", "somebody-elses")
    text = str(caught.value)
    assert "may not `s3:PutObject` on `somebody-elses`" in text
    assert "does not belong to account 123456789012: then name one that does" in text


def test_a_bucket_that_is_not_there_is_told(aws_url):
    bucket = SdkAccount(sandboxes.session(aws_url)).bucket("missing-bucket", "000000000000")

    assert bucket.head("key") is None
    assert bucket.read("key") is None
    with pytest.raises(AwsError, match="The bucket `missing-bucket` is not there"):
        bucket.write("key", b"")


def test_an_object_is_written_only_over_what_was_read(aws_url):
    session = sandboxes.session(aws_url)
    session.call("s3", "create_bucket", Bucket="conditional")
    bucket = SdkAccount(session).bucket("conditional", "000000000000")

    bucket.write("key", b"one", etag="")
    one = bucket.read("key")
    bucket.write("key", b"two", etag=one.etag)

    for etag in ("", one.etag):
        with pytest.raises(Changed):
            bucket.write("key", b"three", etag=etag)
    assert bucket.read("key").data == b"two"


def test_an_object_that_was_deleted_since_it_was_read_is_told_as_changed(aws_url, proxy):
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket="conditional-gone")
    bucket = SdkAccount(sandboxes.session(proxy.url)).bucket("conditional-gone", "000000000000")
    gone = faulty.Answer(404, "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>")
    bucket.write("key", b"one", etag="")
    one = bucket.read("key")
    proxy.fault = lambda _number, name: gone if name.startswith("PUT") else None

    with pytest.raises(Changed):
        bucket.write("key", b"two", etag=one.etag)
    with pytest.raises(AwsError, match="gone"):
        bucket.write("key", b"two")


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_credentials_that_have_expired_are_told(proxy, code):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: faulty.error(code, "The security token is expired", 403)

    with pytest.raises(NoAccess, match=r"have expired .*aws sso login"):
        account.caller()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("RequestExpired", "Request has expired"),
        ("RequestTimeTooSkewed", "The difference between the request time and ours is too large"),
        ("SignatureDoesNotMatch", "Signature expired: 20191029T154623Z is now earlier than ..."),
        ("SignatureDoesNotMatch", "Signature not yet current: 2019 is still later than ..."),
    ],
)
def test_a_clock_that_is_wrong_is_told(proxy, code, reason):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: faulty.error(code, reason, 403)

    with pytest.raises(NoAccess, match="Set the clock of this machine"):
        account.caller()


@pytest.mark.parametrize(
    ("code", "status"),
    [("OptInRequired", 401), ("OptInRequired", 403), ("SubscriptionRequiredException", 400)],
)
def test_a_region_that_is_not_enabled_is_told(proxy, code, status):
    account = SdkAccount(sandboxes.session(proxy.url))
    proxy.fault = lambda _number, _name: faulty.error(code, "You are not subscribed", status)

    with pytest.raises(NoAccess, match=r"`sts` in `us-east-1` is not open .*Enable the region"):
        account.caller()


def test_credentials_that_aws_does_not_know_are_told(proxy):
    account = SdkAccount(sandboxes.session(proxy.url))
    refusal = faulty.error("InvalidClientTokenId", "The security token is invalid", 403)
    proxy.fault = lambda _number, _name: refusal

    with pytest.raises(NoAccess, match="does not know the credentials"):
        account.caller()


# --- who calls, and where ----------------------------------------------------------------------


@pytest.fixture
def nobody(monkeypatch, tmp_path):
    """Have an environment without credentials and region."""
    for name in [*os.environ]:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


def test_without_credentials_three_ways_and_the_sandbox_are_named(nobody):
    account = SdkAccount(Session(Access(region="eu-central-1"), os.environ))

    with pytest.raises(NoAccess) as caught:
        account.caller()

    text = str(caught.value)
    assert text.startswith("No AWS credentials were found. Give credentials in one of three ways")
    for way in ("--profile NAME", "AWS_ACCESS_KEY_ID", "role of the machine", "--sandbox"):
        assert way in text


def test_without_a_region_four_places_and_the_sandbox_are_named(nobody):
    account = SdkAccount(Session(Access(), os.environ))

    with pytest.raises(NoAccess) as caught:
        account.caller()

    for place in ("--region", "`region` of", "AWS_REGION", "aws configure set", "--sandbox"):
        assert place in str(caught.value)


def test_a_profile_that_is_not_there_is_told(nobody):
    account = SdkAccount(Session(Access(profile="nobody", region="eu-central-1"), os.environ))

    with pytest.raises(NoAccess) as caught:
        account.caller()

    assert str(caught.value).startswith("There is no profile `nobody`: the AWS configuration has")


def test_the_nearest_profile_is_named(nobody):
    (nobody / "config").write_text("[profile staging]\nregion = eu-west-3\n[profile prod]\n")
    account = SdkAccount(Session(Access(profile="stagin"), os.environ))

    with pytest.raises(NoAccess, match="`stagin`; the nearest is `staging`"):
        account.caller()


def test_the_profiles_that_there_are_are_named(nobody):
    (nobody / "config").write_text("[profile staging]\nregion = eu-west-3\n[profile prod]\n")
    account = SdkAccount(Session(Access(profile="zzz"), os.environ))

    with pytest.raises(NoAccess, match="`zzz`; there are `prod`, `staging`"):
        account.caller()


def test_the_environment_of_the_user_chooses_region_and_endpoint(nobody, monkeypatch, aws_url):
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    account = SdkAccount(Session(Access(), os.environ))

    caller = account.caller()

    assert (caller.account, account.region) == ("000000000000", "eu-west-3")
    assert account.endpoint_url == aws_url


PROFILE = """
[profile ours]
region = eu-west-3
aws_access_key_id = a
aws_secret_access_key = b
endpoint_url = {url}
"""


def test_the_profile_of_the_user_chooses_the_endpoint(nobody, aws_url):
    (nobody / "config").write_text(PROFILE.format(url=aws_url))
    account = SdkAccount(Session(Access(profile="ours"), {}))

    caller = account.caller()

    assert (caller.account, account.endpoint_url) == ("000000000000", aws_url)
    assert account.bucket("ours", "1").url("key") == f"{aws_url}/ours/key"


def test_an_endpoint_of_s3_alone_is_its_alone(nobody, monkeypatch, aws_url):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket="of-s3-alone")
    account = SdkAccount(Session(Access(region="us-east-1"), os.environ))
    bucket = account.bucket("of-s3-alone", "000000000000")

    bucket.write("key", b"")

    assert account.endpoint_url is None
    assert bucket.url("key") == f"{aws_url}/of-s3-alone/key"


BROKEN = {
    "a token that is not there": (
        "role_arn = arn:aws:iam::123456789012:role/ci\nweb_identity_token_file = /no/such/token\n",
        "/no/such/token",
    ),
    "a process that is not there": ("credential_process = no-such-program\n", "no-such-program"),
    "a process that says something else": ("credential_process = echo hello\n", "JSON"),
    "a source that is not there": (
        "role_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = nobody\n",
        "nobody",
    ),
}


@pytest.mark.parametrize(("keys", "says"), BROKEN.values(), ids=BROKEN)
def test_a_profile_whose_credentials_cannot_be_had_is_told(nobody, keys, says):
    (nobody / "config").write_text(f"[profile ours]\nregion = eu-west-3\n{keys}")
    account = SdkAccount(Session(Access(profile="ours"), {}))

    with pytest.raises(NoAccess) as caught:
        account.caller()

    text = str(caught.value)
    assert text.startswith("The credentials of the AWS configuration cannot be had: ")
    assert says in text
    assert "correct it" in text
    assert "AWS_ENDPOINT_URL" not in text


def test_a_token_of_the_environment_that_is_not_there_is_told(nobody, monkeypatch):
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/token")
    account = SdkAccount(Session(Access(region="eu-west-3"), os.environ))

    with pytest.raises(NoAccess, match="/no/such/token"):
        account.caller()


ASKING = """
import os
from chalice.aws.account import SdkAccount
from chalice.aws.session import Access, Session
from chalice.diagnostics import ToolError
try:
    SdkAccount(Session(Access(profile="ours"), os.environ)).caller()
except ToolError as error:
    print(error)
"""


def test_a_profile_that_asks_for_a_code_is_told_where_there_is_no_terminal(nobody):
    (nobody / "config").write_text(
        "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
        "[profile ours]\nregion = eu-west-3\nrole_arn = arn:aws:iam::123456789012:role/ci\n"
        "source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n"
    )

    # A session of its own has no terminal, wherever the tests run.
    ended = subprocess.run(
        [sys.executable, "-c", ASKING],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )

    assert ended.stdout.startswith(
        "The credentials in use need a code of the device `arn:aws:iam::123456789012:mfa/me`, and"
        " there is no terminal to ask for it"
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_proxy_that_is_not_there_is_told(nobody, monkeypatch):
    gone = f"http://127.0.0.1:{sandboxes.free_port()}"
    monkeypatch.setenv("HTTPS_PROXY", gone)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    slept = []
    patience = Patience(slept.append, lambda: 1.0)
    account = SdkAccount(Session(Access(region="eu-west-3"), os.environ, patience))

    with pytest.raises(Unreachable) as caught:
        account.caller()

    assert gone in str(caught.value)
    assert "HTTPS_PROXY" in str(caught.value)
    assert len(slept) == MOST_CONNECTS - 1


def test_a_certificate_that_is_not_trusted_is_told(nobody, proxy, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url.replace("http:", "https:"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    account = SdkAccount(Session(Access(region="eu-west-3"), os.environ, Patience(lambda _: None)))

    with pytest.raises(Unreachable, match="AWS_CA_BUNDLE"):
        account.caller()


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://cloudformation.eu-west-1.amazonaws.com", "eu-west-1"),
        ("https://cloudformation.eu-west-1.api.aws", "eu-west-1"),
        ("https://vpce-1.cloudformation.eu-west-1.vpce.amazonaws.com", "eu-west-1"),
        ("https://cloudformation.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    ],
)
def test_an_endpoint_of_aws_itself_is_none_of_somebody_elses(nobody, monkeypatch, url, region):
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", url)

    assert Session(Access(region=region), {}).endpoint_url is None


def test_a_broken_profile_of_the_user_is_not_read_for_the_sandbox(nobody, monkeypatch, aws_url):
    monkeypatch.setenv("AWS_PROFILE", "missing")
    account = SdkAccount(Session(sandboxes.access(aws_url), {}))

    assert account.caller().account == "000000000000"
