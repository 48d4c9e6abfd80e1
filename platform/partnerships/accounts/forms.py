"""Forms of signing in, of the person's own account, and of the ISU's work with people."""

from __future__ import annotations

from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField, ValidationError
from wtforms import Form as PlainForm

from partnerships.accounts import invitations, passwords
from partnerships.core.actor import Role
from partnerships.core.forms import AtMost, ChoiceField, DayField, Form, LineField, Printable, ProseField, rules
from partnerships.core.languages import OWN_NAMES
from partnerships.core.policy import current_actor
from partnerships.parties import choices, queries
from partnerships.parties.models import Party


class SignInForm(Form):
    """Address and password; `next` is where the person was going."""

    email = StringField(_l("E-mail address"), rules(_l("Give your e-mail address."), Printable(), AtMost(254)),
                        render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(_l("Password"), rules(_l("Give your password."), AtMost(1000)),
                             render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class CodeForm(Form):
    """A code of an authenticator, or a recovery code where it is asked for."""

    code = StringField(_l("Code"), rules(_l("Give the code."), Printable(), AtMost(40)),
                       render_kw={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none",
                                  "spellcheck": "false", "class": "w-short"})


class ForgottenForm(Form):
    """The address of somebody who cannot sign in."""

    email = StringField(_l("E-mail address"), rules(_l("Give your e-mail address."), Printable(), AtMost(254)),
                        render_kw={"autocomplete": "username", "type": "email"})


class _NewPassword(Form):
    """A new password. `known` is what others know of the person."""

    password = PasswordField(_l("New password"), rules(_l("Choose a password.")), render_kw={"autocomplete": "new-password"})
    known: tuple[str, ...] = ()

    def validate_password(self, field: Any) -> None:
        """Long enough, and not what attackers try first."""
        fault = passwords.fault(field.data or "", *self.known)
        if fault:
            raise ValidationError(fault)


class RecoverForm(_NewPassword):
    """A new password in place of a forgotten one; the second factor, where the person has one, is still asked for."""

    code = StringField(_l("Code of your authenticator, or a recovery code"), rules(False, Printable(), AtMost(40)),
                       render_kw={"autocomplete": "one-time-code", "class": "w-short"})


class PasswordForm(_NewPassword):
    """Another password; the present one first."""

    current = PasswordField(_l("Present password"), rules(False, AtMost(1000)), render_kw={"autocomplete": "current-password"})


class AcceptForm(_NewPassword):
    """Opening an account from an invitation."""

    name = LineField(_l("Your name"), _l("Give your name."), 200)


class OwnForm(Form):
    """What a person may change of their account."""

    name = LineField(_l("Your name"), _l("Give your name."), 200)
    language = ChoiceField(_l("Language of pages and letters"), lambda: list(OWN_NAMES.items()), _l("Choose a language."))


class NameForm(Form):
    """The name of a session or a passkey."""

    name = LineField(_l("Name"), _l("Give it a name, such as “Office computer”."), 80)


class PasskeyForm(NameForm):
    """A passkey, as the browser made it."""

    answer = HiddenField(validators=rules(_l("The browser made no passkey."), AtMost(20_000)))


class NoteForm(Form):
    """Why, in words that the record keeps."""

    note = ProseField(_l("Why, and how you made sure"), _l("Say why, in a sentence: the record keeps it."), 500)


class _Address(Form):
    """The address and name of a person who is invited."""

    email = StringField(_l("E-mail address"), rules(_l("Give the person's e-mail address."), Printable(), AtMost(254)),
                        render_kw={"type": "email", "autocomplete": "off"})
    name = LineField(_l("Name"), _l("Give the person's name."), 200)

    def validate_email(self, field: Any) -> None:
        """An address that letters can reach."""
        try:
            field.data = validate_email(field.data or "", check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            raise ValidationError(_("This is not an e-mail address. It looks like name@ministry.example.")) from None


class AuthenticateForm(Form):
    """How the ISU made sure that a person is the State's focal point."""

    how = ProseField(_l("How the ISU made sure"), _l("Say how: for example the note verbale and its number."), 500)
    on = DayField(_l("On"), _l("Give the day."))

    def validate_on(self, field: Any) -> None:
        """Not in the future."""
        if field.data and field.data > date.today():
            raise ValidationError(_("This day is yet to come."))


class HandOverForm(_Address, AuthenticateForm):
    """The person who comes after another."""


def _roles() -> list[tuple[str, Any]]:
    from partnerships.labels import ROLE_LABELS

    return [(role.value, ROLE_LABELS[role]) for role in invitations.roles_for(current_actor())]


def _parties() -> list[tuple[str, str]]:
    actor = current_actor()
    return choices.partners() if actor.is_isu else [(actor.party_ref, actor.party_name)]


class PersonForm(Form):
    """A person's rights: role and party, and whether they may invite colleagues."""

    role = ChoiceField(_l("Role"), _roles, _l("Choose a role."), blank=_l("Choose"))
    party = ChoiceField(_l("State or organisation"), _parties, _l("Choose a State or organisation."), blank=_l("Choose"))
    is_head = BooleanField(_l("Head of delegation: may invite colleagues of the same State or organisation"))
    found: Party | None = None

    def check(self) -> bool:
        """Whether such a person can be; what cannot is said beside its field."""
        if not self.validate():
            return False
        self.found = queries.by_ref(self.party.data)
        fault = invitations.fault(self.found, Role(self.role.data)) if self.found else _("Choose a State or organisation.")
        if fault:
            self.party.errors = [fault]
        return not fault


class InviteForm(_Address, PersonForm):
    """An invitation. A head of delegation finds its own party and role chosen."""

    how = ProseField(_l("How the ISU made sure (for a focal point)"), False, 500)
    on = DayField(_l("On"), False)

    def check(self) -> bool:
        """Also, from the ISU, how it made sure of a focal point."""
        right = super().check()
        if current_actor().is_isu and self.role.data == Role.FOCAL_POINT and not (self.how.data or "").strip():
            self.how.errors = [*self.how.errors, _("Say how the ISU made sure that this is the State's focal point.")]
            return False
        if self.on.data and self.on.data > date.today():
            self.on.errors = [*self.on.errors, _("This day is yet to come.")]
            return False
        return right


class PeopleFilter(PlainForm):
    """The filters of the list of people, read from the address."""

    q = StringField(_l("Name or address"), render_kw={"type": "search", "maxlength": "200"})
    role = ChoiceField(_l("Role"), _roles, needed=False, blank=_l("All"))
    party = ChoiceField(_l("State or organisation"), _parties, needed=False, blank=_l("All"))
    closed = BooleanField(_l("Closed accounts"))

    def chosen(self) -> dict[str, Any]:
        """The filters; what cannot be read is left out."""
        self.validate()
        return {"q": (self.q.data or "").strip()[:200], "closed": bool(self.closed.data),
                "party": "" if self.party.errors else self.party.data or "",
                "role": Role(self.role.data) if self.role.data and not self.role.errors else None}
