"""REST proxy events of real shape: twelve keys, about 20 headers, every value twice.

The header set is that of a browser behind an edge-optimised API (rules 1.14 to 1.18 and 1.20 of the
gateway rules in the documentation).
"""

from __future__ import annotations

import json
from typing import Any

API_ID = "a1b2c3d4e5"
HOST = API_ID + ".execute-api.eu-central-1.amazonaws.com"

HEADERS = {
    "Accept": "application/json, text/plain, */*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9,de;q=0.8",
    "CloudFront-Forwarded-Proto": "https",
    "CloudFront-Is-Desktop-Viewer": "true",
    "CloudFront-Is-Mobile-Viewer": "false",
    "CloudFront-Is-SmartTV-Viewer": "false",
    "CloudFront-Is-Tablet-Viewer": "false",
    "CloudFront-Viewer-ASN": "3320",
    "CloudFront-Viewer-Country": "DE",
    "Host": HOST,
    "origin": "https://shop.example.com",
    "Referer": "https://shop.example.com/orders",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Via": "2.0 5f1d3a7c9b2e4f60718293a4b5c6d7e8.cloudfront.net (CloudFront)",
    "X-Amz-Cf-Id": "Qm9zdG9uIFRlYSBQYXJ0eSAxNzczIGluIHRoZSBoYXJib3VyIQ==",
    "X-Amzn-Trace-Id": "Root=1-65a1b2c3-0123456789abcdef01234567",
    "X-Forwarded-For": "203.0.113.7, 130.176.1.2",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
}

IDENTITY = {
    "accessKey": None,
    "accountId": None,
    "caller": None,
    "cognitoAuthenticationProvider": None,
    "cognitoAuthenticationType": None,
    "cognitoIdentityId": None,
    "cognitoIdentityPoolId": None,
    "principalOrgId": None,
    "sourceIp": "203.0.113.7",
    "user": None,
    "userAgent": HEADERS["User-Agent"],
    "userArn": None,
}


def event(
    resource: str,
    method: str = "GET",
    path: str | None = None,
    *,
    params: dict[str, str] | None = None,
    query: dict[str, list[str]] | None = None,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the event of one request; *query* maps each name to the list of its values."""
    sent = {**HEADERS, **(headers or {})}
    path = path or resource
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query and {name: values[-1] for name, values in query.items()},
        "multiValueQueryStringParameters": query,
        "pathParameters": params,
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": API_ID,
            "deploymentId": "x9y8z7",
            "domainName": HOST,
            "domainPrefix": API_ID,
            "extendedRequestId": "ATfSdF7nPHcErRA=",
            "httpMethod": method,
            "identity": dict(IDENTITY),
            "path": "/api" + path,
            "protocol": "HTTP/1.1",
            "requestId": "3f2a1b0c-9d8e-4f7a-b6c5-d4e3f2a1b0c9",
            "requestTime": "10/Jul/2026:19:19:04 +0000",
            "requestTimeEpoch": 1783711144000,
            "resourceId": "abc123",
            "resourcePath": resource,
            "stage": "api",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def records(count: int) -> list[dict[str, Any]]:
    """Return an order book of *count* lines, each about 100 bytes of JSON."""
    return [
        {
            "id": 100000 + number,
            "sku": "SKU-" + str(number * 7919 % 100000).rjust(5, "0"),
            "price": number * 37 % 1000 + 0.25,
            "quantity": number * 7 % 19 + 1,
            "weight": number * 13 % 400 + 0.125,
            "tags": ["new", "sale"],
            "sent": number % 2 == 0,
        }
        for number in range(count)
    ]


def text_of(size: int) -> str:
    """Return about *size* bytes of JSON: one object with the records that make it."""
    average = len(json.dumps(records(1000))) / 1000
    return json.dumps({"orders": records(round(size / average))})


JSON_HEADERS = {"Content-Type": "application/json"}

# In the order of the table's columns. "last of 5000 routes" needs another application: see MANY.
SCENARIOS = {
    "GET hello": event("/"),
    "2 path params + query": event(
        "/users/{user_id}/orders/{order_id}",
        path="/users/u-42/orders/o-1001",
        params={"user_id": "u-42", "order_id": "o-1001"},
        query={"limit": ["10"], "expand": ["items", "customer"]},
    ),
    "POST 1 KB JSON": event("/echo", "POST", body=text_of(1_088), headers=JSON_HEADERS),
    "POST 100 KB JSON": event("/echo", "POST", body=text_of(100_000), headers=JSON_HEADERS),
    "100 KB binary reply": event("/image", headers={"Accept": "image/png"}),
    "unknown path": event("/nowhere"),
    "wrong verb": event("/", "DELETE"),
    "415": event("/echo", "POST", body="<a/>", headers={"Content-Type": "application/xml"}),
    "GET with CORS": event("/cors"),
}
ROUTES = 5000
MANY = "last of 5000 routes"
MANY_EVENT = event("/r" + str(ROUTES - 1))

# What a refusal answers; a framework that answers otherwise does not have that refusal ("-").
REFUSALS = {"unknown path": (403, 404, 405), "wrong verb": (403, 404, 405), "415": (415,)}
