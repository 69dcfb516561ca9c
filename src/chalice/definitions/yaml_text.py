"""YAML as definitions and templates use it: JSON's values, the short forms of CloudFormation.

The only place that imports PyYAML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where AWS wants another name than `Fn::` and the tag's.
# Source: CloudFormation user guide, "Intrinsic function reference".
_PLAIN_NAMES = frozenset({"Ref", "Condition"})


class NotYaml(Exception):
    """The text is not YAML, or has in it what no definition has.

    Attributes:
        line: where, from 1; 0 if that is unknown.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """Knows no types but those of JSON: dates, `yes` and numbers that begin with 0 stay text."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Refuse a key that is written twice; the last one would win silently."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ConstructorError(None, None, "a key is not a scalar", key.start_mark)
            if key.value in seen and key.value != "<<":
                raise ConstructorError(
                    None, None, f"the key `{key.value}` is written twice", key.start_mark
                )
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


# The stubs of PyYAML leave the arguments of these untyped.
_loader: Any = _Loader


def _resolves(tag: str, pattern: str, first: str) -> None:
    _loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


# Source: YAML 1.2.2, section 10.3.2, "core schema", without octal and hexadecimal numbers.
_resolves("bool", r"(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_resolves("int", r"[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
_resolves("float", r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-+0123456789")
_resolves("null", r"(?:~|null|Null|NULL|)$", "~nN")
_loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"$"), [""])
_resolves("merge", r"<<$", "<")


def _intrinsic(loader: _Loader, name: str, node: Node) -> object:
    """Return `!Name value` as CloudFormation reads it, in its long form."""
    value: object
    if isinstance(node, ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(cast("MappingNode", node), deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in _PLAIN_NAMES else f"Fn::{name}": value}


_loader.add_multi_constructor("!", _intrinsic)


def load(text: str) -> object:
    r"""Return the value of the one document in *text*.

    >>> load("a: !Sub '${Fn.Arn}'\nb: [on, 007, 2026-01-01, 1, ~]")
    {'a': {'Fn::Sub': '${Fn.Arn}'}, 'b': ['on', '007', '2026-01-01', 1, None]}

    Raises:
        NotYaml: it has none, or several, or is none.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYaml(error.problem or "it ends too early", mark.line + 1 if mark else 0) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml(str(error).split("\n", 1)[0], 0) from None


def nodes_of(text: str) -> Node | None:
    """Return the nodes of a *text* that `load` takes, for many calls of `line_of`."""
    root: Node | None = yaml.compose(text, _Loader)
    return root


def line_of(text: str | Node | None, path: Sequence[str]) -> int:
    r"""Return the line of the key that *path* leads to in a *text* that `load` takes, from 1.

    Where it leads nowhere, the line of the last key that it finds; 0 where it finds none.

    >>> line_of("a:\n  b: 1\n  c: 2", ["a", "c"]), line_of("a: 1", ["b"])
    (3, 0)
    """
    node = nodes_of(text) if isinstance(text, str) else text
    line = 0
    for name in path:
        members = node.value if isinstance(node, MappingNode) else ()
        found = [(key, value) for key, value in members if key.value == name]
        if not found:
            break
        key, node = found[0]
        line = key.start_mark.line + 1
    return line


# --- writing ---------------------------------------------------------------------------------

# Texts that no reader of YAML takes for anything else, and that need no quotes: neither those of
# version 1.1, which CloudFormation reads, nor those of 1.2.
_PLAIN_TEXT = re.compile(r"[A-Za-z/$][A-Za-z0-9_./:${}@+*-]*[A-Za-z0-9_/}*]|[A-Za-z]")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class _Dumper(yaml.SafeDumper):
    """Writes lists below their key, no aliases, and quotes every text that is not plainly one."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return True: templates are read by people, and not all readers follow aliases."""
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Indent the items of a list further than their key."""
        del indentless
        super().increase_indent(flow, indentless=False)


def _text(dumper: Any, value: str) -> Any:
    plain = _PLAIN_TEXT.fullmatch(value) and value.lower() not in _WORDS and ": " not in value
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_dumper: Any = _Dumper
_dumper.add_representer(str, _text)


def dump(value: object) -> str:
    r"""Return *value*, made of the values of JSON, as a YAML document.

    >>> print(dump({"a": ["on", 1, None], "b": {"Fn::Sub": "${A}-x"}}), end="")
    a:
      - "on"
      - 1
      - null
    b:
      Fn::Sub: ${A}-x
    """
    text: str = yaml.dump(
        value, Dumper=_dumper, sort_keys=False, allow_unicode=True, width=10_000, indent=2
    )
    return text
