"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('matches', __name__, url_prefix='/matches')
@blueprint.get('/')
@public
def index(**values): return 'stub'
@blueprint.get('/<int:number>')
@public
def detail(**values): return 'stub'
@blueprint.get('/new/<ref>')
@public
def new(**values): return 'stub'
@blueprint.get('/share/<ref>/<partner>')
@public
def share_form(**values): return 'stub'
