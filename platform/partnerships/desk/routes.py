"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('desk', __name__, url_prefix='/desk')
@blueprint.get('/')
@public
def index(**values): return 'stub'
