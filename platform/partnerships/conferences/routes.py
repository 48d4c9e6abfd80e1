"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('conferences', __name__, url_prefix='/conferences')
@blueprint.get('/')
@public
def index(**values): return 'stub'
@blueprint.get('/<ref>')
@public
def detail(**values): return 'stub'
