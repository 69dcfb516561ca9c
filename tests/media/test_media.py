import pytest

from chalice.media import BinaryMediaTypes, media_type
from chalice.runtime import media as runtime

ENTRIES = [
    [],
    ["image/png"],
    ["Image/PNG"],
    ["image/*"],
    ["IMAGE/*"],
    ["*/png"],
    ["image/pn"],
    ["image"],
    ["text/css", "Application/PDF"],
]
TYPES = [
    "image/png",
    "IMAGE/png; q=1",
    " image/png ",
    "image/",
    "text/css",
    "application/pdf",
    "",
]


@pytest.mark.parametrize(
    ("entries", "listed"),
    [
        ([], False),
        (["image/png"], True),
        (["Image/PNG"], True),
        (["image/*"], True),
        (["*/*"], True),
        (["*/png"], False),
        (["image/pn"], False),
    ],
)
def test_an_entry_lists_a_type_itself_its_family_or_everything(entries, listed):
    assert ("image/png" in BinaryMediaTypes(entries)) is listed


@pytest.mark.parametrize("entries", ENTRIES, ids=str)
@pytest.mark.parametrize("content_type", TYPES)
def test_the_runtime_and_the_tools_agree_on_what_is_listed(content_type, entries):
    of_tools = media_type(content_type) in BinaryMediaTypes(entries)

    assert runtime.is_listed(content_type, entries) is of_tools
