"""Members of an LDAP directory, as rows that `member_import` takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, TypeAlias

from kpos.domain.ids import make_id
from kpos.domain.refusal import refuse
from kpos.wawi.desk.models import Member

Entry: TypeAlias = tuple[str, dict[str, list[bytes]]]
_ID_BYTES = 8
_TIMEOUT_S = 10
# The one attribute that stays when somebody is renamed or moves.
_UNIQUE = "entryUUID"


@dataclass(frozen=True)
class Directory:
    """Where to ask, as whom, for which entries, and which attributes hold name and number."""

    url: str
    base: str
    which: str
    name: str
    number: str
    bind: str
    password: str


def rows_of(directory: Directory) -> list[dict[str, Any]]:
    """A row per entry with a name. Whoever has a known number is that member.

    Others get an id that follows from their entry, so that they are the same the next time.

    Raises:
        Refused: if the directory does not answer, or the extra is missing.
    """
    known = dict(Member.objects.exclude(number=None).values_list("number", "id"))
    rows = []
    for line, (name_of_entry, attributes) in enumerate(_entries(directory), start=1):
        name = _first(attributes, directory.name)
        if not name:
            continue
        typed = _first(attributes, directory.number)
        number = int(typed) if typed.isascii() and typed.isdigit() else None
        unique = _first(attributes, _UNIQUE) or name_of_entry
        row = {"line": line, "id": known.get(number) or _id(unique), "name": name}
        rows.append(row if number is None else row | {"number": number})
    if not rows:
        raise refuse("unknown", f"the directory has no {directory.which} below {directory.base}")
    return rows


def _entries(directory: Directory) -> list[Entry]:
    try:
        import ldap
    except ModuleNotFoundError as error:
        msg = "sudo apt install gcc python3-dev libldap2-dev libsasl2-dev; pip install 'kpos[ldap]'"
        raise refuse("invalid", f"LDAP is not installed: {msg}") from error
    try:
        connection = ldap.initialize(directory.url)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, _TIMEOUT_S)
        connection.simple_bind_s(directory.bind, directory.password)
        wanted = [directory.name, directory.number, _UNIQUE]
        found: list[Entry] = connection.search_ext_s(
            directory.base, ldap.SCOPE_SUBTREE, directory.which, wanted, timeout=_TIMEOUT_S
        )
    except (ldap.LDAPError, ValueError) as error:
        raise refuse("unknown", f"{directory.url}: {error}") from error
    # Referrals to other directories come without a name; the order is the directory's mood.
    entries = [(name, attributes) for name, attributes in found if name]
    return sorted(entries, key=lambda entry: entry[0])


def _first(attributes: dict[str, list[bytes]], name: str) -> str:
    """Attributes are spelled as the directory does."""
    for spelled, values in attributes.items():
        if spelled.lower() == name.lower() and values:
            return values[0].decode("utf-8", errors="replace").strip()
    return ""


def _id(unique: str) -> str:
    return make_id(hashlib.sha256(unique.encode()).digest()[:_ID_BYTES])
