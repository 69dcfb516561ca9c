import re
import uuid

from chalice.gateway import RandomIds


def test_random_ids_have_the_form_of_those_of_aws():
    ids = RandomIds()

    assert uuid.UUID(ids.request_id()).version == 4
    assert re.fullmatch(r"[A-Za-z0-9_-]{15}=", ids.extended_request_id())
    assert re.fullmatch(r"1-6a5145a8-[0-9a-f]{24}", ids.trace_root(0x6A5145A8 + 0.5))
    assert re.fullmatch(r"[0-9a-f]{16}", ids.segment_id())


def test_random_ids_do_not_repeat():
    ids = RandomIds()

    assert len({ids.request_id() for _ in range(1_000)}) == 1_000
