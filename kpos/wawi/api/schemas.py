"""The messages of `kpos.sync.wire` as JSON Schema, for the OpenAPI document.

What a codec takes and what is written here is the same: a test holds random messages against both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from kpos.domain.document import INTEGER_MAX, SALT_BYTES
from kpos.ledger.pins import KEY_BYTES, P, R
from kpos.ledger.pins import SALT_BYTES as PIN_SALT_BYTES
from kpos.sync.wire import BATCH_MAX, SCRYPT_N

Schema: TypeAlias = dict[str, Any]


def ref(name: str) -> Schema:
    """One of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """Members that nobody asked for are ignored: a newer side may say more."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
    }


def _digits(count: int) -> Schema:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{count}}}$"}


# No NUL and no half of a surrogate pair: what cannot be stored.
_TEXT: Schema = {"type": "string", "pattern": "^[^\\u0000]*$"}
_ID = _digits(16)
_HASH = _digits(64)
_PLACE: Schema = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
_CENTS: Schema = {"type": "integer", "minimum": -INTEGER_MAX, "maximum": INTEGER_MAX}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX}
_SIZE: Schema = {"type": "integer", "minimum": 1, "maximum": INTEGER_MAX}
_TIME: Schema = {"type": "string", "format": "date-time"}
_FLAG: Schema = {"type": "boolean"}
_MAPPING: Schema = {"type": "object"}
_HEAD = ref("Head")
_BEFORE: Schema = {**_PLACE, "minimum": 0}

COMPONENTS: dict[str, Schema] = {
    "Point": {
        "description": "The place of a document and its hash: epoch, seq, hash",
        "type": "array",
        "prefixItems": [_PLACE, _PLACE, _HASH],
        "items": False,
        "minItems": 3,
        "maxItems": 3,
    },
    "Ref": {
        "description": "A place, or the one before the first: epoch, seq",
        "type": "array",
        "prefixItems": [_BEFORE, _BEFORE],
        "items": False,
        "minItems": 2,
        "maxItems": 2,
    },
    "Head": {"anyOf": [{"$ref": "#/components/schemas/Point"}, {"type": "null"}]},
    "Private": _object({"salt": _digits(2 * SALT_BYTES), "part": _TEXT}),
    "Entry": _object(
        {"point": ref("Point"), "prev_hash": _HASH, "content": _TEXT},
        {"private": nullable(ref("Private"))},
    ),
    "Entries": {"type": "array", "items": ref("Entry"), "maxItems": BATCH_MAX},
    "Verifier": _object(
        {
            "salt": _digits(2 * PIN_SALT_BYTES),
            "key": _digits(2 * KEY_BYTES),
            "n": {"type": "integer", "enum": list(SCRYPT_N)},
            "r": {"type": "integer", "minimum": 1, "maximum": R},
            "p": {"type": "integer", "minimum": P, "maximum": P},
        }
    ),
    "Pin": _object(
        {"subject": _ID, "replaces": _COUNT, "verifier": nullable(ref("Verifier"))},
    ),
    "Pins": {"type": "array", "items": ref("Pin"), "maxItems": BATCH_MAX},
    "Push": _object(
        {"after": _HEAD, "entries": ref("Entries"), "head": _HEAD},
        {"fork": _HEAD, "pins": nullable(ref("Pins"))},
    ),
    "Ack": _object({"acked": _HEAD, "applied": _HEAD}),
    "Points": {"type": "array", "items": ref("Point"), "maxItems": BATCH_MAX},
    "Tail": _object({"entries": ref("Entries"), "is_last": _FLAG}),
    "Change": _object(
        {"entity": _TEXT, "id": _TEXT, "action": _TEXT, "fields": _MAPPING},
        {"private": nullable(_MAPPING)},
    ),
    "Page": _object(
        {
            "changes": {"type": "array", "items": ref("Change")},
            "cursor": _TEXT,
            "is_last": _FLAG,
            "applied": {"type": "object", "additionalProperties": ref("Point")},
        }
    ),
    "Wish": _object({"cents": _COUNT, "head": _HEAD}),
    "Hold": _object({"is_granted": _FLAG, "balance_cents": _CENTS}),
    "Application": _object(
        {
            "code": _TEXT,
            "till": _ID,
            "place": _ID,
            "prefix": _TEXT,
            "cash_prefix": _TEXT,
            "head": _HEAD,
            "version": _TEXT,
        },
        {"own": nullable(ref("Ref"))},
    ),
    "Paired": _object(
        {"token": _TEXT, "till": _ID, "place": _ID, "prefix": _TEXT, "branch": _TEXT}
    ),
    "Heartbeat": _object({"version": _TEXT, "queue": _COUNT, "at": _TIME}),
    "Release": _object({"version": _TEXT, "arch": _TEXT, "built_at": _TIME, "size": _SIZE}),
    "Heard": _object({"at": _TIME}),
    "Meta": _object(
        {
            "api": _TEXT,
            "version": _TEXT,
            "at": _TIME,
            "batch_max": _COUNT,
            "page_max": _COUNT,
        }
    ),
    "Problem": _object(
        {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
        },
        {
            "errors": {
                "type": "array",
                "items": _object({"pointer": {"type": "string"}, "detail": {"type": "string"}}),
            },
            "held": _HEAD,
        },
    ),
}


def takes(name: str) -> Schema:
    """An operation whose body is this message."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ref(name)}},
        }
    }


def says(media_type: str) -> Schema:
    """An operation that answers with a text."""
    content = {media_type: {"schema": {"type": "string"}}}
    return {"responses": {200: {"description": "OK", "content": content}}}


def sends() -> Schema:
    """An operation that answers with a file, or with a part of it."""
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    said = {200: "OK", 206: "Partial Content"}
    found = {status: {"description": text, "content": binary} for status, text in said.items()}
    return {"responses": found}


def answers(schema: Schema, also: Mapping[int, str] | None = None) -> Schema:
    """An operation that answers with this; `also`: other answers, without a body."""
    found = {200: {"description": "OK", "content": {"application/json": {"schema": schema}}}}
    others = {status: {"description": text} for status, text in (also or {}).items()}
    return {"responses": found | others}
