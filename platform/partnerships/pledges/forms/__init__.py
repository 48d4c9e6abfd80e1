"""The forms of pledges, a file a subject."""

from partnerships.pledges.forms.announce import About, NewForm
from partnerships.pledges.forms.bilateral import BilateralForm
from partnerships.pledges.forms.edit import EditForm
from partnerships.pledges.forms.filters import FilterForm
from partnerships.pledges.forms.reports import ReportForm, SettleForm
from partnerships.pledges.forms.steps import AmendForm, NoteForm, PayForm, StepForm, VoidForm
from partnerships.pledges.forms.updates import FORMS as UPDATE_FORMS

__all__ = ("UPDATE_FORMS", "About", "AmendForm", "BilateralForm", "EditForm", "FilterForm", "NewForm", "NoteForm", "PayForm",
           "ReportForm", "SettleForm", "StepForm", "VoidForm")
