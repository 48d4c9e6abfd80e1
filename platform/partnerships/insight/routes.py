"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('insight', __name__, url_prefix='/insight')
@blueprint.get('/')
@public
def index(**values): return 'stub'
