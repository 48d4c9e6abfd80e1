"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('offers', __name__, url_prefix='/offers')
@blueprint.get('/')
@public
def index(**values): return 'stub'
@blueprint.get('/<ref>')
@public
def detail(**values): return 'stub'
@blueprint.get('/new')
@public
def new(**values): return 'stub'
