"""Every address of an account, which the library serves, and what it answers to whom.

A role makes no difference: everyone has an account of their own, and sees nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass

# What is answered: a status, or the name of the address it leads to.
PAGE, WRONG_METHOD = 200, 405
LOG_IN, HOME, WELCOME = "account_login", "home", "welcome"

Answer = int | str


@dataclass(frozen=True)
class AccountRow:
    """One address. Each answer is a pair: to being read, and to an empty form.

    `nobody` is not logged in. `logged_in` has an authenticator app, a passkey and recovery codes,
    and said once more, just now, who they are; `asks_again` asks those who did not. `of` names
    what the address is about: a passkey, or a link of a letter that has ended.
    """

    name: str
    logged_in: tuple[Answer, Answer]
    nobody: tuple[Answer, Answer] = (LOG_IN, LOG_IN)
    asks_again: bool = False
    of: str = ""

    def __str__(self) -> str:
        return self.name

    def answers(self, who: str) -> dict[str, Answer]:
        """By method."""
        given = self.nobody if who == "nobody" else self.logged_in
        return dict(zip(("get", "post"), given, strict=True))


FORM, TEXT = (PAGE, PAGE), (PAGE, WRONG_METHOD)

ACCOUNT_ROWS = [
    AccountRow("account_login", (HOME, HOME), FORM),
    AccountRow("account_logout", (PAGE, WELCOME), (WELCOME, WELCOME)),
    AccountRow("account_inactive", TEXT, TEXT),
    AccountRow("account_reauthenticate", FORM),
    AccountRow("account_change_password", FORM),
    AccountRow("account_reset_password", FORM, FORM),
    AccountRow("account_reset_password_done", TEXT, TEXT),
    AccountRow("account_reset_password_from_key", FORM, FORM, of="link"),
    AccountRow("account_reset_password_from_key_done", TEXT, TEXT),
    AccountRow("mfa_index", TEXT),
    AccountRow("mfa_authenticate", (HOME, HOME)),
    AccountRow("mfa_reauthenticate", FORM),
    AccountRow(
        "mfa_activate_totp", ("mfa_deactivate_totp", "mfa_deactivate_totp"), asks_again=True
    ),
    AccountRow("mfa_deactivate_totp", (PAGE, "mfa_index"), asks_again=True),
    AccountRow("mfa_view_recovery_codes", TEXT, asks_again=True),
    AccountRow("mfa_generate_recovery_codes", (PAGE, "mfa_view_recovery_codes"), asks_again=True),
    AccountRow("mfa_download_recovery_codes", TEXT, asks_again=True),
    AccountRow("mfa_list_webauthn", TEXT),
    AccountRow("mfa_add_webauthn", FORM, asks_again=True),
    AccountRow("mfa_login_webauthn", (HOME, HOME)),
    AccountRow("mfa_reauthenticate_webauthn", (PAGE, LOG_IN)),
    AccountRow("mfa_edit_webauthn", FORM, asks_again=True, of="passkey"),
    AccountRow("mfa_remove_webauthn", (PAGE, "mfa_list_webauthn"), asks_again=True, of="passkey"),
]
# What the library offers and the product has no use for.
NOT_SERVED = {
    "account_signup",  # accounts begin with an invitation
    "account_set_password",  # and so has everyone a password
    "account_email",  # the address is the one that was invited
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",  # nobody logs in by a code in a letter
}
