from dataclasses import replace

import pytest
from tests.gateway.apis import STAGE, Served, document, header, proxy

from chalice.gateway.stage import Location, Mount, segments

IN_PATH = replace(STAGE, in_path=True)
AT_ROOT = STAGE
MAPPED = replace(STAGE, base_path="v1")
UNMAPPED = replace(STAGE, base_path="")


@pytest.mark.parametrize(
    ("stage", "target", "expected"),
    [
        (IN_PATH, "/api/x", Location("/x", "/api/x", "/x", "")),
        (IN_PATH, "/api/x?a=/api?b", Location("/x", "/api/x", "/x", "a=/api?b")),
        (IN_PATH, "//api/x", Location("/x", "/api/x", "/x", "")),
        (IN_PATH, "/api//x", Location("/x", "/api//x", "/x", "")),
        (IN_PATH, "/api/x//y/", Location("/x//y/", "/api/x//y/", "/x//y/", "")),
        (IN_PATH, "/api", Location("/", "/api", "/", "")),
        (IN_PATH, "/api/", Location("/", "/api/", "/", "")),
        (IN_PATH, "/apix", None),
        (IN_PATH, "/", None),
        (IN_PATH, "/API/x", None),
        (IN_PATH, "", None),
        (AT_ROOT, "/x", Location("/x", "/api/x", "/x", "")),
        (AT_ROOT, "//x", Location("/x", "/api//x", "/x", "")),
        (AT_ROOT, "/", Location("/", "/api/", "/", "")),
        (AT_ROOT, "", Location("/", "/api/", "/", "")),
        (AT_ROOT, "*", Location("/*", "/api/*", "/*", "")),
        (AT_ROOT, "/api/x", Location("/api/x", "/api/api/x", "/api/x", "")),
        (MAPPED, "/v1/x", Location("/v1/x", "/v1/x", "/x", "")),
        (MAPPED, "/v1//x", Location("/v1/x", "/v1//x", "/x", "")),
        (MAPPED, "/v2/x", None),
        (UNMAPPED, "/x", Location("/x", "/x", "/x", "")),
    ],
)
def test_a_path_is_seen_with_and_without_its_stage(stage, target, expected):
    assert Mount(stage).locate(target) == expected


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/", []),
        ("/a", ["a"]),
        ("/a/", ["a"]),
        ("/a//", ["a", ""]),
        ("/a//b", ["a", "", "b"]),
        ("//", []),
    ],
)
def test_a_slash_at_the_end_is_no_segment(path, parts):
    assert segments(path) == parts


def test_another_stage_is_forbidden_in_other_words_than_an_unknown_path():
    served = Served(stage=IN_PATH)

    response = served("/prod/x")

    assert (response.status, response.body) == (403, b'{"message":"Forbidden"}')
    assert header(response, "x-amzn-ErrorType") == ["ForbiddenException"]
    assert response.resource is None


def test_behind_a_mapping_the_event_keeps_it_and_the_resource_does_not():
    served = Served(document({"/x": {"get": proxy()}}), base_path="v1")

    event = served.event("/v1/x")

    assert (event["path"], event["resource"]) == ("/v1/x", "/x")
    assert event["requestContext"]["path"] == "/v1/x"


@pytest.mark.parametrize(
    ("domain", "host", "path", "context_path"),
    [
        ("api.example.com", "api.example.com", "/v1/x", "/v1/x"),
        ("API.example.com", "Api.Example.Com.:8000", "/v1/x", "/v1/x"),
        ("*.example.com", "a.example.com", "/v1/x", "/v1/x"),
        ("api.example.com", "localhost:8000", "/x", "/api/x"),
        ("*.example.com", "example.com", "/x", "/api/x"),
        ("api.example.com", "", "/x", "/api/x"),
    ],
)
def test_a_mapping_holds_under_the_name_of_its_domain(domain, host, path, context_path):
    document_ = document({"/x": {"get": proxy()}})
    served = Served(document_, base_path="v1", custom_domain=domain)

    event = served.event(path, headers=[("Host", host)] if host else [])

    assert (event["path"], event["requestContext"]["path"]) == (path, context_path)


def test_what_is_outside_of_the_mapping_is_forbidden_on_the_domain():
    document_ = document({"/x": {"get": proxy()}})
    served = Served(document_, base_path="v1", custom_domain="api.example.com")

    response = served("/x", headers=[("Host", "api.example.com")])

    assert (response.status, response.body) == (403, b'{"message":"Forbidden"}')


def test_the_arn_of_a_stage_names_its_partition():
    stage = replace(STAGE, partition="aws-cn", region="cn-north-1")

    assert stage.arn == "arn:aws-cn:execute-api:cn-north-1:123456789012:a1b2c3d4e5/api"


@pytest.mark.parametrize(
    ("partition", "region", "domain"),
    [
        ("aws", "eu-central-1", "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"),
        ("aws-us-gov", "us-gov-west-1", "a1b2c3d4e5.execute-api.us-gov-west-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "a1b2c3d4e5.execute-api.cn-north-1.amazonaws.com.cn"),
        ("aws-eusc", "eusc-de-east-1", "a1b2c3d4e5.execute-api.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_a_request_without_host_is_told_the_domain_of_its_partition(partition, region, domain):
    stage = replace(STAGE, partition=partition, region=region)

    event = Served(stage=stage).event(headers=[])

    assert stage.execute_api_domain == domain
    assert event["headers"]["Host"] == event["requestContext"]["domainName"] == domain
