"""What Django itself does not say in German yet; our catalogue says it for it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the mark of a text

TEXTS = (
    N_("After you’ve created a user, you’ll be able to edit more user options."),
    N_("This action will <strong>enable</strong> password-based authentication for this user."),
    N_("Disable password-based authentication"),
    N_("Enable password-based authentication"),
    N_("In case you’ve forgotten, you are:"),
    N_("Conflicting form data submitted. Please try again."),
    N_("Password-based authentication was disabled."),
    N_("Set password: %s"),
    N_("Reset password"),
    N_("Set password"),
    N_(
        "Whether the user will be able to authenticate using a password or not. If "
        "disabled, they may still be able to authenticate using other backends, such as "
        "Single Sign-On or LDAP."
    ),
    N_("Password-based authentication"),
    N_("Enabled"),
    N_("Disabled"),
    N_("Raw passwords are not stored, so there is no way to see the user’s password."),
    N_("Enable password-based authentication for this user by setting a password."),
)
