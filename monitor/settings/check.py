"""What pydantic finds wrong, told in our own words with file, line and key."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from monitor.settings.document import Document, Path
from monitor.settings.words import did_you_mean

S = TypeVar("S", bound=BaseModel)

_WORDS = {
    "string_type": "must be text; put it in quotes",
    "tuple_type": "must be a list",
    "bool_type": "must be true or false",
    "dict_type": "must hold keys",
    "model_type": "must hold keys, each on its own line as `key: value`",
    "model_attributes_type": "must hold keys, each on its own line as `key: value`",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_too_short": "must not be empty",
    "finite_number": "must be a number, and a finite one",
}


def check_shape(shape: type[S], document: Document) -> tuple[S | None, list[str]]:
    """The document in its shape, or None and every problem in it."""
    if document.data is None:
        return None, [*document.problems] or [f"{document.name}:1: (file): is empty; see docs/tuning.md for an example"]
    try:
        return shape.model_validate(document.data), list(document.problems)
    except ValidationError as error:
        found = [_told(shape, document, detail) for detail in error.errors(include_url=False)]
        return None, [*document.problems, *dict.fromkeys(found)]


def _told(shape: type[BaseModel], document: Document, detail: Any) -> str:
    loc: Path = tuple(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys(shape, loc[:-1])
        return document.problem(loc, f"unknown key{did_you_mean(loc[-1], known) or '; known: ' + ', '.join(known)}")
    if kind == "missing":
        return document.problem(loc, "is missing")
    path = _existing(document, loc)
    if kind == "value_error":
        return document.problem(path, str(context["error"]))
    if kind in {"enum", "literal_error"}:
        choices = str(context["expected"]).replace("'", "")
        guess = did_you_mean(detail["input"], choices.replace(" or ", ", ").split(", "))
        return document.problem(path, f"{detail['input']!r} must be {choices}{guess}")
    message = _WORDS.get(
        kind, detail["msg"][:1].lower() + detail["msg"][1:].replace("Input ", "").replace("input ", "")
    )
    return document.problem(path, message)


def _existing(document: Document, loc: Path) -> Path:
    """Without the names of union members, which are pydantic's own and not in the file."""
    while loc and loc not in document.lines:
        loc = loc[:-1]
    return loc


def _keys(shape: type[BaseModel], path: Path) -> list[str]:
    """The keys that are known at this place of the file."""
    for part in path:
        fields = {field.alias or name: field for name, field in shape.model_fields.items()}
        if part in fields:
            shape = next(_models(fields[str(part)].annotation), shape)
    return [field.alias or name for name, field in shape.model_fields.items()]


def _models(annotation: Any) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def find_twins(document: Document, list_key: str, key: str) -> list[str]:
    """Entries of one list that share a value which must be unique, told even where other things are wrong."""
    first: dict[Hashable, int] = {}
    problems = []
    for at, item in enumerate(items(document, list_key)):
        value = item.get(key)
        if not isinstance(value, str):
            continue
        if value in first:
            line = document.lines.get((list_key, first[value], key), 0)
            problems.append(document.problem((list_key, at, key), f"{value!r} stands twice, first in line {line}"))
        first.setdefault(value, at)
    return problems


def items(document: Document, list_key: str) -> Sequence[dict[str, Any]]:
    """The mappings of one list, as far as there are any; others become empty ones, so that positions stay."""
    data = document.data.get(list_key) if isinstance(document.data, dict) else None
    return [item if isinstance(item, dict) else {} for item in data] if isinstance(data, list) else []
