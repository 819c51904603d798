"""TOML files that people write, read into typed models; every problem names file, line and key."""

import json
from pathlib import Path
from typing import Annotated, TypeVar

import tomli
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from verify.errors import UsageError
from verify.system import toml_lines


class Strict(BaseModel):
    """Unknown keys are misspelt keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)
Item = TypeVar("Item")


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


# Editions may name a constant differently, or pass an argument by name and by position.
OneOrMore = Annotated[list[Item], BeforeValidator(_listed), Field(min_length=1)]


def read(path: Path, model: type[Model]) -> Model:
    """Read and validate a file.

    Raises:
        UsageError: names file, line and key of everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomli.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from error
    except (ValueError, RecursionError) as error:  # also of a number of 5,000 digits
        raise UsageError(f"{path}: is no TOML: {error}.") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [
            _problem(path, text, list(e["loc"]), e["msg"], model.__name__.lower())
            for e in error.errors()
        ]
        raise UsageError("\n".join(problems)) from error


def written(value: object) -> str:
    """A value as it stands behind a key, in one line: TOML has no other way to nest tables there.

    Strings, numbers and lists of TOML are those of JSON.
    """
    if isinstance(value, BaseModel):
        return written(value.model_dump())
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {written(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _problem(path: Path, text: str, keys: list[str | int], message: str, whole: str) -> str:
    line = toml_lines.line_of(text, keys)
    key = ".".join(map(str, keys)) or f"the {whole}"
    message = message.removeprefix("Value error, ")
    return f"{path}:{line}: {key}: {message[0].lower()}{message[1:]}."
