"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('parties', __name__, url_prefix='/parties')
@blueprint.get('/')
@public
def index(**values): return 'stub'
@blueprint.get('/<ref>')
@public
def detail(**values): return 'stub'
