"""Cases of the individualised approach over HTTP."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

from partnerships.cases.routes import after, inviting, pages  # noqa: E402, F401
