"""Pin what the interface answers, in `src/plainchant/sandbox/contract.json`: operations and keys that are new.

    python -m tools.contract [--swagger FOLDER] [--replace]

What was pinned stays as it is, so that a change which programs would notice does not go unseen; `--replace` pins all
anew. ``FOLDER`` holds Chorus Pro's published Swagger (factures.json, structures.json): where it lists the values of a
text, the list is pinned too.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

_PATTERNS = {"T": "instant", " ": "minute"}  # what stands between the day and the hour
_PUBLISHED = ("factures", "structures")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--swagger", type=Path)
    options.add_argument("--replace", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "plainchant.config.settings", "PLAINCHANT_DATA": folder}
        import django

        django.setup()
        from plainchant.sandbox.contract import FILE

        shapes = shapes_now(asked.swagger)
    kept = {} if asked.replace or not FILE.exists() else json.loads(FILE.read_text())
    FILE.write_text(json.dumps(added(kept, shapes), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def added(kept: Any, new: Any) -> Any:
    """``kept``, with the keys that only ``new`` has."""
    if isinstance(kept, dict) and isinstance(new, dict) and "enum" not in kept:
        return {**new, **{name: added(shape, new[name]) if name in new else shape for name, shape in kept.items()}}
    if isinstance(kept, list) and isinstance(new, list) and kept and new and not isinstance(kept[0], str):
        return [added(kept[0], new[0])]
    return kept


def shapes_now(swagger: Path | None = None) -> dict[str, Any]:
    """What the interface answers, made from its document; with the lists of values that are published."""
    from plainchant.api.openapi import document

    whole = document()
    schemas = whole["components"]["schemas"]
    lists = _published(swagger) if swagger else {}
    found = {}
    for path, methods in whole["paths"].items():
        [operation] = methods.values()
        content = operation["responses"]["200"].get("content", {}).get("application/json", {})
        schema = content.get("schema", {})
        first = schema["anyOf"][0] if "anyOf" in schema else schema  # the second is a refusal
        shape = _shape(first, schemas)
        if path in lists:
            shape = _with_lists(shape, *lists[path])
        found[path] = shape
    return found


def _shape(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _shape(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "anyOf" in schema:
        [kind] = [each for each in schema["anyOf"] if each.get("type") != "null"] or [{}]
        return _shape(kind, schemas)
    if "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        return {"enum": [value for value in values if value is not None]}
    if schema.get("type") == "array":
        return [_shape(schema.get("items", {}), schemas)]
    if "properties" in schema:
        names = schema["properties"]
        keys = {name: _shape(below, schemas) for name, below in names.items() if name != "plainchant"}
        always = sorted(set(schema.get("required", ())) - {"plainchant"})
        return {**keys, **({"!": always} if always else {})}
    if schema.get("format") == "decimal":
        return "number"
    if schema.get("format") == "date":
        return "date"
    if "pattern" in schema:
        return next(word for sign, word in _PATTERNS.items() if f"\\d{{2}}{sign}\\d" in schema["pattern"])
    word = schema.get("type", "any")
    return word if isinstance(word, str) and word != "object" else "any"


def _published(folder: Path) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    found = {}
    for family in _PUBLISHED:
        swagger = json.loads((folder / f"{family}.json").read_text())
        for path, methods in swagger["paths"].items():
            answer = methods["post"]["responses"]["200"]["schema"]
            found[swagger["basePath"] + path] = answer, swagger["definitions"]
    return found


def _with_lists(shape: Any, schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _with_lists(shape, definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    ours = shape["enum"] if isinstance(shape, dict) and isinstance(shape.get("enum"), list) else None
    if (shape == "string" or ours is not None) and schema.get("enum"):
        return {"enum": sorted({*schema["enum"], *(ours or ())})}  # ours: what came after it was published
    if isinstance(shape, list) and shape and "items" in schema:
        return [_with_lists(shape[0], schema["items"], definitions)]
    if isinstance(shape, dict) and "properties" in schema:
        names = schema["properties"]
        return {
            name: _with_lists(below, names[name], definitions) if name in names else below
            for name, below in shape.items()
        }
    return shape


if __name__ == "__main__":
    main()
