"""YAML as API definitions use it: the values of JSON, and the short forms of CloudFormation.

The only place that imports PyYAML.
"""

from __future__ import annotations

import re
from typing import Any, cast

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

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
