import gzip
import zlib

import pytest
from tests.gateway.apis import Served, document, header, returns

from chalice.gateway.compression import accepted, compress, decompress
from chalice.gateway.limits import MAX_BODY_BYTES
from chalice.gateway.responses import Refusal

TEXT = b"hello " * 100
UNPACK = {"gzip": gzip.decompress, "deflate": zlib.decompress}


def raw_deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# --- requests --------------------------------------------------------------------------------


def zipped(data: bytes) -> bytes:
    """Return *data* packed without the time of day: the ids of tests are made from it."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", zipped(TEXT)),
        ("GZIP ", zipped(TEXT)),
        ("gzip", zipped(TEXT[:300]) + zipped(TEXT[300:])),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
    ],
)
def test_a_body_is_decompressed_and_the_function_sees_no_coding(coding, body):
    served = Served(document(minimum_compression_size=100))

    event = served.event(method="POST", headers=[("content-encoding", coding)], body=body)

    assert event["body"] == TEXT.decode()
    assert "content-encoding" not in event["headers"]


def test_without_compression_body_and_coding_pass_untouched():
    served = Served(document(binary_media_types=["*/*"]))

    event = served.event(method="POST", headers=[("Content-Encoding", "br")], body=b"abc")

    assert event["headers"]["Content-Encoding"] == "br"
    assert event["body"] == "YWJj"


@pytest.mark.parametrize("coding", ["br", "compress", "gzip, gzip", "*", ""])
def test_another_coding_is_no_supported_media_type(coding):
    served = Served(document(minimum_compression_size=0))

    response = served(method="POST", headers=[("Content-Encoding", coding)], body=b"x")

    assert (response.status, response.body) == (415, b'{"message":"Unsupported Media Type"}')
    assert header(response, "x-amzn-ErrorType") == ["BadRequestException"]


def test_an_empty_body_has_no_coding():
    served = Served(document(minimum_compression_size=0))

    assert served(headers=[("Content-Encoding", "br")]).status == 200


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"not gzip"),
        ("gzip", zipped(TEXT)[:-4]),
        ("gzip", zipped(TEXT) + b"more"),
        ("gzip", zlib.compress(TEXT)),
        ("gzip", zipped(b"") * 101),
        ("deflate", b"not deflate"),
        ("deflate", zlib.compress(TEXT)[:-4]),
        ("deflate", raw_deflate(b"a") * 2),
    ],
)
def test_a_damaged_body_is_a_bad_request(coding, body):
    served = Served(document(minimum_compression_size=0))

    response = served(method="POST", headers=[("Content-Encoding", coding)], body=body)

    assert (response.status, response.body) == (400, b'{"message":"Invalid request body"}')


def test_a_small_body_that_decompresses_to_a_huge_one_is_too_large():
    bomb = gzip.compress(bytes(MAX_BODY_BYTES + 1))
    served = Served(document(minimum_compression_size=0))

    response = served(method="POST", headers=[("Content-Encoding", "gzip")], body=bomb)

    assert response.status == 413
    assert response.body == b"HTTP content length exceeded 10485760 bytes."


@pytest.mark.parametrize(("limit", "fits"), [(len(TEXT), True), (len(TEXT) - 1, False)])
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate])
def test_no_more_is_decompressed_than_the_limit(pack, limit, fits):
    coding = "gzip" if pack is gzip.compress else "deflate"

    if fits:
        assert decompress(coding, pack(TEXT), limit) == TEXT
    else:
        with pytest.raises(Refusal):
            decompress(coding, pack(TEXT), limit)


# --- responses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header_values", "coding"),
    [
        ([], None),
        (["gzip"], "gzip"),
        (["GZip"], "gzip"),
        (["deflate"], "deflate"),
        (["gzip, deflate"], "gzip"),
        (["deflate, gzip"], "deflate"),
        (["deflate;q=0.5, gzip;q=0.8"], "gzip"),
        (["deflate", "gzip"], "deflate"),
        (["br, *"], None),
        (["gzip;q=0"], None),
        (["gzip;q=0.0, deflate"], "deflate"),
        (["gzip;q=x"], None),
        (["gzip;level=9"], "gzip"),
        (["identity, gzip;q=0.5"], None),
        (["identity"], None),
        ([",,"], None),
    ],
)
def test_the_client_chooses_among_the_codings_it_names(header_values, coding):
    assert accepted(header_values) == coding


def served(size, minimum, **result):
    function = returns({"body": "a" * size, **result})
    return Served(document(minimum_compression_size=minimum), functions={"Fn": function})


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_response_of_the_minimum_size_is_compressed(coding):
    response = served(1000, 1000)(headers=[("Accept-Encoding", coding)])

    assert header(response, "Content-Encoding") == [coding]
    assert UNPACK[coding](response.body) == b"a" * 1000


@pytest.mark.parametrize(
    ("size", "minimum", "accept", "result"),
    [
        (999, 1000, "gzip", {}),
        (1000, 1000, "br", {}),
        (1000, None, "gzip", {}),
        (0, 0, "gzip", {}),
        (1000, 0, "gzip", {"statusCode": 204}),
    ],
    ids=["too small", "unknown coding", "off", "empty", "without body"],
)
def test_other_responses_are_not_compressed(size, minimum, accept, result):
    response = served(size, minimum, **result)(headers=[("Accept-Encoding", accept)])

    assert not header(response, "Content-Encoding")
    assert len(response.body) in {size, 0}


def test_a_response_that_the_function_encoded_is_left_alone():
    response = served(1000, 0, headers={"content-encoding": "br"})(
        headers=[("Accept-Encoding", "gzip")]
    )

    assert header(response, "Content-Encoding") == ["br"]
    assert len(response.body) == 1000


def test_the_answer_to_head_is_not_compressed():
    response = served(1000, 0)(method="HEAD", headers=[("Accept-Encoding", "gzip")])

    assert (response.body, header(response, "Content-Encoding")) == (b"", [])


def test_an_error_is_compressed_too():
    response = served(1, 0)("/nowhere", headers=[("Accept-Encoding", "gzip")])

    assert gzip.decompress(response.body) == b'{"message":"Missing Authentication Token"}'


def test_compressing_is_pure():
    assert compress("gzip", TEXT) == compress("gzip", TEXT)
