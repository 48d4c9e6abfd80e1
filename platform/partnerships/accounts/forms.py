"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField

from partnerships.core.forms import AtMost, Form, Printable, rules


class SignInForm(Form):
    """Address and password; `next` is where the person was going."""

    email = StringField(_l("E-mail address"), rules(_l("Give your e-mail address."), Printable(), AtMost(254)),
                        render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(_l("Password"), rules(_l("Give your password."), AtMost(1000)),
                             render_kw={"autocomplete": "current-password"})
    next = HiddenField()
