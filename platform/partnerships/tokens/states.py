"""What a key is of, and what it opens."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class TokenKind(StrEnum):
    """Whose key it is: one person's, or that of a State or organisation."""

    PERSONAL = "personal"
    ORGANISATION = "organisation"


class Scope(StrEnum):
    """What a key opens. Reading goes as far as its holder may see; each kind of writing has to be given by itself."""

    READ = "read"
    NEEDS = "needs"
    OFFERS = "offers"
    PLEDGES = "pledges"


KIND_LABELS = {
    TokenKind.PERSONAL: _p("key", "My own: it acts as me"),
    TokenKind.ORGANISATION: _p("key", "Of my State or organisation: colleagues see it and may revoke it"),
}
SCOPE_LABELS = {
    Scope.READ: _p("key opens", "Read what its holder may see"),
    Scope.NEEDS: _p("key opens", "Write needs: drafts, changes, submission"),
    Scope.OFFERS: _p("key opens", "Write offers"),
    Scope.PLEDGES: _p("key opens", "Announce pledges"),
}
