"""Canonical JSON and fingerprints: one content has exactly one spelling, so equal hashes mean equal content.

UTF-8, NFC, sorted ASCII keys, no spaces, whole numbers only. What is read back must re-serialise to the same bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NoReturn, TypeAlias, cast

from qihua_desktop.i18n import _

from .errors import InputError

JsonValue: TypeAlias = "str | int | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

LARGEST_INTEGER: Final = 2**63 - 1
DEEPEST: Final = 100


def canonical_text(value: JsonValue) -> str:
    """Return the one canonical spelling of a value.

    Raises ValueError for what has none: floats, non-ASCII keys, numbers beyond 64 bits, lone surrogates, nesting
    deeper than ``DEEPEST``, and keys that become equal.
    """
    text = json.dumps(
        _normal(value, 0),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        check_circular=False,
    )
    text.encode("utf-8")
    return text


def fingerprint(value: JsonValue) -> str:
    """Return the SHA-256 of the value's canonical bytes as 64 hexadecimal digits."""
    return text_fingerprint(canonical_text(value))


def text_fingerprint(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes; of a stored canonical content this is its fingerprint."""
    return sha256(text.encode("utf-8")).hexdigest()


def short_fingerprint(digest: str) -> str:
    """Return a label such as 9f3c…a71e. It is for recognising, never for comparing."""
    return digest if len(digest) <= 9 else f"{digest[:4]}…{digest[-4:]}"


def parse_canonical(data: str | bytes) -> JsonValue:
    """Read canonical JSON. Raises InputError unless the input is exactly what ``canonical_text`` writes."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        value = cast(
            "JsonValue",
            json.loads(text, object_pairs_hook=_object, parse_float=_refuse_number, parse_constant=_refuse_number),
        )
        faithful = canonical_text(value) == text
    except (ValueError, RecursionError) as error:
        raise _not_canonical(str(error)) from error
    if not faithful:
        raise _not_canonical(_("The spelling is not canonical."))
    return value


def _normal(value: JsonValue, depth: int) -> JsonValue:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("number beyond 64 bits")
        return int(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str) or not key.isascii():  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ValueError(f"key is not ASCII text: {key!r}")
        return {key: _normal(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(item, depth + 1) for item in value]
    raise ValueError(f"no canonical form for {type(value).__name__}")


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key")
    return result


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"not a whole number: {text[:40]}")


def _not_canonical(reason: str) -> InputError:
    return InputError(
        _("The content cannot be read in exactly one way, so no fingerprint can be checked."),
        _("Ask for the original file again."),
        (reason,),
    )
