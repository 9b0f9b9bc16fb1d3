"""The small platform that requests are put to."""

from datetime import date

import pytest

from jobs.storage.snapshots import Quarantined
from tests.jobs.exhausts.personal_platform import PersonalPlatform, adult, consent, filled
from tests.jobs.exhausts.small_platform import KEY, SALT, Platform, batch, course, learner, person


@pytest.fixture
def make_platform(make_settings, store, objects, publish_rows):
    def made(**overrides):
        keys = {"platform_key": KEY, "platform_salt": SALT}
        return Platform(make_settings(**{**keys, **overrides}), store, objects, publish_rows)

    return made


@pytest.fixture
def platform(make_platform):
    small = make_platform(team_address="team@example.org")
    small.hold(
        progress=[
            learner("u2", stage="completed", completed_on=date(2026, 11, 5)),
            learner("u1", module_progress={"do_m": 10}, score_pct={"do_q": 67}),
            learner("u3", stage="not_started", is_known=False, root_org_id=None),
            learner("u4", left_out_reason="left_batch"),
            learner("v1", "b2"),
        ],
        batches=[
            batch("b1"), batch("b2"), batch("b-empty"), batch("b-retired", "do_r"),
            batch("b-broken", "do_b"), batch("b-homeless", "do_none"), batch("b-flat", "do_f"),
        ],
        courses=[
            course("do_1"), course("do_r", status="Retired"),
            course("do_b", hierarchy_problem="its hierarchy is not valid JSON"),
            course("do_f", leaf_nodes=[], mandatory_nodes=[], modules=[], assessments=[]),
        ],
        people=[
            person("asha"), person("meera", language="hi"), person("stranger"),
            person("nomail", email_cipher=None), person("gone", is_active=False),
            person("br-admin", root_org_id="br", channel="br-channel",
                   roles=[{"role": "ORG_ADMIN", "organisation_ids": ["up"]}]),
        ],
        quarantined=[Quarantined("user_enrolments", "duplicate", "b1", 2)],
    )  # fmt: skip
    return small


@pytest.fixture
def make_personal(make_settings, store, objects, publish_rows):
    def made(**overrides):
        keys = {"platform_key": KEY, "platform_salt": SALT}
        settings = make_settings(**{**keys, **overrides})
        return PersonalPlatform(settings, store, objects, publish_rows)

    return made


@pytest.fixture
def two_agree(make_personal):
    return filled(
        make_personal(),
        [adult("u1"), adult("u2"), adult("u3"), learner("u4", left_out_reason="left_batch")],
        [consent("u1"), consent("u2"), consent("u4")],
    )
