"""TOML files that people write, read into typed models; every problem names file, line and key."""

from pathlib import Path
from typing import TypeVar

import tomli
from pydantic import BaseModel, ConfigDict, ValidationError

from verify.errors import UsageError
from verify.system import toml_lines


class Strict(BaseModel):
    """Unknown keys are misspelt keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


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
    except tomli.TOMLDecodeError as error:
        raise UsageError(f"{path}: is no TOML: {error}.") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [
            _problem(path, text, list(e["loc"]), e["msg"], model.__name__.lower())
            for e in error.errors()
        ]
        raise UsageError("\n".join(problems)) from error


def _problem(path: Path, text: str, keys: list[str | int], message: str, whole: str) -> str:
    line = toml_lines.line_of(text, keys)
    key = ".".join(map(str, keys)) or f"the {whole}"
    message = message.removeprefix("Value error, ")
    return f"{path}:{line}: {key}: {message[0].lower()}{message[1:]}."
