"""The form of new weights: one number a term within its limits, and the reason for the change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from partnerships.core.forms import AmountField, Form, ProseField
from partnerships.matching.weights import BRAKES, PRIORS
from partnerships.suggestions.words import TERMS
from partnerships.weights import service


class PointsField(AmountField):
    """The points of one term, from zero to its limit."""

    def __init__(self, label: Any, most: float, **kwargs: Any) -> None:
        super().__init__(label, needed=False, **kwargs)
        self.most = Decimal(str(most))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed; words that are about points, not money, when it is no number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the points in figures, for example 4 or 2.5.")) from None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Words for what is missing or beyond the limits."""
        if self.data is None and not self.errors:
            raise ValidationError(_("Give the points: 0 switches the term off."))
        if self.data is not None and not 0 <= self.data <= self.most:
            raise ValidationError(_("Give points from 0 to %(most)s.", most=format(self.most.normalize(), "f")))

    @staticmethod
    def _sane(form: Any, field: Any) -> None:
        """What an amount of money may be does not matter here: see `post_validate`."""


def name_of(key: str) -> str:
    """The name of a term's field, which is also its id on the page."""
    return f"points-{key}"


class WeightsForm(Form):
    """New weights. `balanced` holds the points to keep, once validated; `total` what the reasons summed to before."""

    balanced: Mapping[str, float]
    total: Decimal

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        serving = service.serving_points()
        points = {name_of(key): Decimal(str(value)) for key, value in serving.items()}
        super().__init__(*args, data=points, **kwargs)
        self.serving = serving

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, then the points together."""
        return super().validate(extra_validators) and self._together()

    def _together(self) -> bool:
        typed = {prior.key: self[name_of(prior.key)].data for prior in (*PRIORS, *BRAKES)}
        self.total = sum((typed[prior.key] for prior in PRIORS), Decimal(0))
        first = self[name_of(PRIORS[0].key)]
        if not self.total:
            first.errors = [_("Every reason has zero points: nothing could be ranked. Give at least some of them points.")]
            return False
        try:
            self.balanced = service.balanced({key: float(value) for key, value in typed.items()})
        except ValueError:
            first.errors = [_("The reasons that still have points cannot reach a sum of 100 within their limits. "
                              "Give more of them points.")]
            return False
        if service.same(self.balanced, self.serving):
            first.errors = [_("These are the weights that serve now, once brought to a sum of 100: change some of them.")]
            return False
        return True


for _prior in (*PRIORS, *BRAKES):
    setattr(WeightsForm, name_of(_prior.key), PointsField(TERMS[_prior.key], service.LIMITS[_prior.key]))
WeightsForm.note = ProseField(_l("Reason for the change"), _l("Say why: the reason is kept with the version."), most=1000)
