"""One YAML file as plain data, with the line of every key and value."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import Resolver

Path = tuple[Hashable, ...]

DEEPEST = 20  # a config is three or four levels deep; aliases and braces could go on for ever


class _Loader(Composer, yaml.CSafeLoader):
    """YAML 1.2 scalars: ``no`` and ``on`` are words, ``07:30`` is text, dates are text.

    libyaml splits a config into its parts several times as fast as Python, and every task and command reads one. It
    does not put them together: a thousand open brackets are a RecursionError in Python, and the end of a process in C.
    """

    def __init__(self, text: str) -> None:
        # Half a character is for libyaml to refuse.
        yaml.CSafeLoader.__init__(self, text.encode(errors="surrogatepass"))
        Composer.__init__(self)


def understand_scalars(kind: type[Resolver]) -> None:
    """Teach a loader, or a dumper that has to quote the rest, which scalars are not text."""
    for tag, pattern, first in (
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
        ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
        ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ):
        kind.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), [*first])


_Loader.yaml_implicit_resolvers = {}
understand_scalars(_Loader)


@dataclass(frozen=True, slots=True)
class Document:
    """``data`` (None when the file is empty or unreadable), the line of each path, and what is wrong so far."""

    name: str
    data: Any
    lines: dict[Path, int]
    problems: tuple[str, ...]

    def problem(self, path: Path, message: str) -> str:
        """``file:line: key: message``; the line is that of the nearest thing that exists."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return f"{self.name}:{self.lines.get(known, 1)}: {dotted(path) or '(file)'}: {message}"


def dotted(path: Path) -> str:
    """``("digests", 0, "cron")`` as people write it: ``digests[0].cron``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def read_document(name: str, text: str) -> Document:
    """Read one file; never raises. Keys that stand twice and broken YAML are problems with their line."""
    lines: dict[Path, int] = {}
    problems: list[str] = []
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        data = None if node is None else _plain(loader, node, (), lines, problems, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        hint = " (a tab? YAML indents with blanks)" if "\t" in "".join(text.splitlines()[line - 1 : line]) else ""
        return Document(name, None, {}, (f"{name}:{line}: (file): not valid YAML: {error.problem}{hint}",))
    except (yaml.YAMLError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Document(name, None, {}, (f"{name}:1: (file): not valid YAML: {first}",))
    finally:
        loader.dispose()
    return Document(name, data, lines, tuple(problems))


def _plain(loader: _Loader, node: yaml.Node, path: Path, lines: dict[Path, int], problems: list[str], name: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if len(path) > DEEPEST:
        raise yaml.YAMLError("nested too deeply")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, child, (*path, at), lines, problems, name) for at, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[Hashable, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            here = (*path, key)
            if key in found:
                problems.append(
                    f"{name}:{key_node.start_mark.line + 1}: {dotted(here)}: stands twice, first in line {lines[here]}"
                )
            lines[here] = key_node.start_mark.line + 1
            found[key] = _plain(loader, child, here, lines, problems, name)
        return found
    return loader.construct_object(node)
