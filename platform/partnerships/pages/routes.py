"""Stub."""
from flask import Blueprint
from partnerships.core.policy import public
blueprint = Blueprint('pages', __name__)
@blueprint.get('/')
@public
def home(**values): return 'stub'
@blueprint.get('/help')
@public
def help(**values): return 'stub'
@blueprint.get('/accessibility')
@public
def accessibility(**values): return 'stub'
@blueprint.get('/privacy')
@public
def privacy(**values): return 'stub'
@blueprint.get('/about-the-data')
@public
def about_data(**values): return 'stub'
@blueprint.get('/healthz')
@public
def healthz(**values): return 'stub'
