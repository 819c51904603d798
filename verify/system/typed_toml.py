"""TOML files that people write, read into typed models; every problem names file, line and key."""

import json
from pathlib import Path
from typing import Annotated, TypeVar

import tomli
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from verify.errors import UsageError
from verify.system import complaints, regular_files, toml_lines
from verify.system.words import Words


class Strict(BaseModel):
    """Unknown keys are misspelt keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_PROBLEM = Words(zh="{path}:{line}：{key}：{why}。", en="{path}:{line}: {key}: {why}.")

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
        text = regular_files.text(path, encoding="utf-8-sig")
        data = tomli.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Words(
                zh="{path}：无法读取（{error}）。", en="{path}: cannot be read ({error})."
            ).filled(path=path, error=complaints.why(error))
        ) from error
    except (ValueError, RecursionError) as error:  # also of a number of 5,000 digits
        raise UsageError(
            Words(zh="{path}：不是 TOML：{error}。", en="{path}: is no TOML: {error}.").filled(
                path=path, error=error
            )
        ) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise UsageError(_problems(path, text, error, model.__name__.lower())) from error


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


def _problems(path: Path, text: str, error: ValidationError, whole: str) -> Words:
    """A line for each thing that is wrong."""
    lines = []
    for one in error.errors():
        keys = list(one["loc"])
        named = " ".join(".".join(map(str, keys)).split())  # a key may hold whole lines
        key = named or Words(zh="整个文件", en=f"the {whole}")
        line = toml_lines.line_of(text, keys)
        lines.append(_PROBLEM.filled(path=path, line=line, key=key, why=complaints.of_value(one)))
    return Words.model_construct(
        zh="\n".join(line.zh for line in lines), en="\n".join(line.en for line in lines)
    )
