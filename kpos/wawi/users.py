"""Who may log in to the pages: Django's users, all of them allowed everything for now."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kpos.domain.refusal import refuse

FIRST_USER = "admin"
_PASSWORD_BYTES = 12


def first_user() -> str | None:
    """The password of a first user, made if there is nobody yet who could log in."""
    if User.objects.exists():
        return None
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    User.objects.create_superuser(FIRST_USER, password=password)
    return password


def add_user(name: str, password: str) -> None:
    """Let somebody log in.

    Raises:
        Refused: if the name is taken or empty, or the password easy to guess.
    """
    if not name.strip() or User.objects.filter(username=name).exists():
        raise refuse("taken", f"there is a user {name[:40]!r} already")
    _store(User(username=name, is_staff=True, is_superuser=True), password)


def set_password(name: str, password: str) -> None:
    """Another password.

    Raises:
        Refused: if there is no such user, or it is easy to guess.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        raise refuse("unknown", f"there is no user {name[:40]!r}: see kpos wawi user list")
    _store(user, password)


def users() -> list[dict[str, str | bool]]:
    """Name, whether they may log in, and when they last did."""
    return [
        {
            "name": user.username,
            "active": user.is_active,
            "last_login": user.last_login.isoformat(timespec="seconds") if user.last_login else "",
        }
        for user in User.objects.order_by("username")
    ]


def _store(user: User, password: str) -> None:
    try:
        with override("en"):
            validate_password(password, user)
    except ValidationError as error:
        raise refuse("invalid", " ".join(error.messages)) from error
    user.set_password(password)
    user.save()
