"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('followups', __name__, url_prefix='/followups')
@blueprint.get('/')
@public
def index(**values): return 'stub'
@blueprint.get('/<int:number>')
@public
def detail(**values): return 'stub'
