"""Every shape in the wild becomes the normal form, or is refused by name."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.certificates.rules.conversion import BARE_VALUE, NO_CONDITION, converted
from jobs.certificates.rules.model import (
    BOUNDS,
    Condition,
    Group,
    keys_of,
    read_rule,
    shape_of,
    values_of,
)  # fmt: skip
from jobs.errors import RequestError


def rule_of(text, tenant_id="north"):
    return str(converted(text, tenant_id=tenant_id).rule)


def flags_of(text):
    return converted(text, tenant_id="north").flags


def refusal_of(text, tenant_id=None):
    with pytest.raises(RequestError) as refused:
        converted(text, tenant_id=tenant_id)
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # As the portal writes it.
        ('{"enrollment":{"status":2}}', "status = 2"),
        ('{"enrollment":{"status":2},"assessment":{"score":{">=":80}}}', "status = 2 AND score >= 80"),
        (
            '{"enrollment":{"status":2},"assessment":{"score":{">=":70}},"user":{"rootOrgId":"0126"}}',
            "status = 2 AND score >= 70 AND rootOrgId = 0126",
        ),
        # As its page of the interface, old rows and hands write it.
        ('{"enrollment":{"status":"2"}}', "status = 2"),
        ('{"enrolment":{"status":2}}', "status = 2"),
        ('{"assessment":{"score":">= 98"}}', "score >= 98"),
        ('{"assessment":{"score":{">=":80.0}}}', "score >= 80"),
        ('{"assessment":{"score":{">=":" 80 "}}}', "score >= 80"),
        ('{"assessment":{"score":{">=":"80%"}}}', "score >= 80"),
        ('{"assessment":{"score":{">=":"079.50"}}}', "score >= 79.5"),
        ('{"assessment":{"score":{" EQ ":80}}}', "score = 80"),
        ('{"assessment":{"score":{"ne":0}}}', "score != 0"),
        ('{"assessment":{"score":{">=":60,"<":80}}}', "score >= 60 AND score < 80"),
        ('{"enrolment":{"progress":"> 60"}}', "completed > 60"),
        ('{"users":{"rootOrgId":"0126"}}', "rootOrgId = 0126"),
        ('{"user":{"rootOrgId":"?channel"}}', "rootOrgId = north"),
        # The list of the dynamic rules.
        ('[{"key":"status","expression":" = ","value":"2"}]', "status = 2"),
        (
            '[{"key":"rootOrgId","expression":"=","value":"?channel"},'
            '{"key":"age","expression":"<=","value":"20"},'
            '{"key":"timespent","expression":"<","value":"3600000"},'
            '{"key":"score","expression":"<","value":"90"},'
            '{"key":"completed","expression":">","value":"60"},'
            '{"key":"top","expression":"max","value":"5"}]',
            "rootOrgId = north AND age <= 20 AND timespent < 3600000 AND score < 90"
            " AND completed > 60 AND top 5",
        ),
        # The normal form itself, nested.
        (
            '{"op":"or","rules":[{"key":"score","cmp":">=","value":"80"},{"key":"top","cmp":"max","value":5}]}',
            "score >= 80 OR top 5",
        ),
        (
            '{"op":"AND","rules":[{"enrollment":{"status":2}},{"op":"OR","rules":'
            '[{"assessment":{"score":{">=":60,"<":80}}},{"key":"age","cmp":"<","value":20}]}]}',
            "status = 2 AND ((score >= 60 AND score < 80) OR age < 20)",
        ),
    ],
)  # fmt: skip
def test_shape_in_the_wild_becomes_the_normal_form(written, meant):
    assert rule_of(written) == meant


@pytest.mark.parametrize("word", ["", "All", "all"])
def test_rule_for_everybody_asks_for_no_organisation(word):
    assert rule_of(json.dumps({"user": {"rootOrgId": word}})) == "status = 2"
    assert flags_of(json.dumps({"user": {"rootOrgId": word}})) == (NO_CONDITION,)


def test_bare_number_means_equal_and_is_flagged():
    assert rule_of('{"assessment":{"score":80}}') == "score = 80"
    assert flags_of('{"assessment":{"score":80}}') == (BARE_VALUE,)
    assert flags_of('{"enrollment":{"status":2}}') == ()


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("", "the rule is empty"),
        ("{}", "the rule is empty"),
        ("[]", "empty list"),
        ("null", "neither an object nor a list"),
        (">= 98", "not JSON at character 1"),
        ('{"enrollment":', "not JSON at character 15"),
        ('{"score":{">=":40}}', "`score` is no section"),
        ('{"enrollment":{"status":2},"batch":{"x":1}}', "`batch` is no section"),
        ('{"enrollment":{"lastread":2}}', "`enrollment.lastread` is unknown"),
        ('{"user":{"district":"Guntur"}}', "`user.district` is unknown"),
        ('{"enrollment":{}}', "`enrollment` is {}"),
        ('{"assessment":{"score":{}}}', "no operator"),
        ('{"assessment":{"score":{"about":80}}}', "unknown operator 'about'"),
        ('{"assessment":{"score":{">=":"eighty"}}}', "found 'eighty'"),
        ('{"assessment":{"score":{">=":101}}}', "from 0 to 100, found '101'"),
        ('{"assessment":{"score":{">=":-1}}}', "found '-1'"),
        ('{"assessment":{"score":{">=":79.1234567}}}', "at most 6 decimals"),
        ('{"assessment":{"score":{">=":1e999999999}}}', "more than 20 digits"),
        ('{"assessment":{"score":{">=":NaN}}}', "nan, which is no text or number"),
        ('{"assessment":{"score":{">=":Infinity}}}', "inf, which"),
        ('{"assessment":{"score":{">=":true}}}', "True, which is no text or number"),
        ('{"assessment":{"score":{">=":[80]}}}', "[80], which"),
        ('{"assessment":{"score":{">=":"५०"}}}', "found '५०'"),
        ('{"assessment":{"score":{">=":80,">=":90}}}', "`>=` is given twice"),
        ('{"enrollment":{"status":3}}', "from 0 to 2"),
        ('{"enrollment":{"status":2.5}}', "a whole number"),
        ('{"enrolment":{"score":"?operator ?value"}}', "placeholder '?operator ?value'"),
        ('[{"key":"timespent","expression":"<","value":"{{miliseconds}}"}]', "'{{miliseconds}}'"),
        ('[{"key":"top","expression":"=","value":"5"}]', "`top` is compared with max"),
        ('[{"key":"score","expression":"max","value":"5"}]', "`top` is compared with max"),
        ('[{"key":"top","expression":"max","value":"0"}]', "from 1 to 1000000"),
        ('[{"key":"grade","expression":"=","value":"5"}]', "unknown key 'grade'"),
        ('[{"key":"score","value":"5"}]', "only key, value"),
        ('[{"key":"score","expression":">","value":"5","extra":1}]', "has `extra`"),
        ('[{"key":"score","expression":">","value":"5"},"OR"]', "entry 2 of the rule is 'OR'"),
        ('{"op":"XOR","rules":[{"key":"age","cmp":">","value":"5"}]}', "op 'XOR'"),
        ('{"op":"OR","rules":[]}', "without a list of rules"),
        ('{"user":{"rootOrgId":{">":"0126"}}}', "`rootOrgId` is compared with = or !="),
        ('{"user":{"rootOrgId":"?channel"}}', "the batch has not exactly one"),
        ('{"user":{"rootOrgId":126}}', "126, which is no text"),
        ("[" * 100_000, "nested more than 8 deep"),
        ('{"op":"AND","rules":[' * 9 + '{"enrollment":{"status":2}}' + "]}" * 9, "more than 8 deep"),
        (json.dumps([{"key": "age", "cmp": ">", "value": "5"}] * 101), "more than 100 conditions"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(written, named):
    said = refusal_of(written)

    assert named in said
    assert "Write it such as" in said


@given(st.text() | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["op", "rules", "key", "cmp", "value", "score", "status", "enrollment", "assessment", "user", ">="]), inner, max_size=4),
).map(json.dumps))  # fmt: skip
def test_any_text_is_a_rule_or_a_refusal_and_never_a_crash(text):
    try:
        rule = converted(text, tenant_id=None).rule
    except RequestError:
        return
    assert read_rule(rule.text()) == rule


def numbers(key):
    least, most, places = BOUNDS[key]
    return st.decimals(least, most, places=places).map(
        lambda n: format(n.normalize() + Decimal(0), "f")
    )


conditions = st.one_of(
    st.builds(Condition, key=st.just("rootOrgId"), cmp=st.sampled_from(["=", "!="]), value=st.sampled_from(["north", "south"])),
    st.builds(Condition, key=st.just("top"), cmp=st.just("max"), value=numbers("top")),
    *(
        st.builds(Condition, key=st.just(key), cmp=st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), value=numbers(key))
        for key in ("age", "timespent", "score", "status", "completed")
    ),
)  # fmt: skip
rules = st.recursive(
    conditions,
    lambda inner: st.builds(
        Group, op=st.sampled_from(["AND", "OR"]), rules=st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
).map(lambda rule: rule if isinstance(rule, Group) else Group(op="AND", rules=(rule,)))


@given(rules)
def test_normal_form_is_read_back_as_it_was_and_converting_it_changes_nothing(rule):
    assert read_rule(rule.text()) == rule
    if rule.depth() < 8:
        again = converted(rule.text(), tenant_id=None)
        assert str(again.rule) == str(rule)
        assert again.flags == ()


@given(rules)
def test_shape_and_values_hold_the_whole_rule(rule):
    shape = json.loads(shape_of(rule))
    values = iter(values_of(rule))

    def filled(part):
        if "rules" in part:
            return Group(op=part["op"], rules=tuple(filled(inner) for inner in part["rules"]))
        return Condition(**part, value=next(values))

    assert filled(shape) == rule
    assert keys_of(shape_of(rule)) == keys_of(rule.text()) == rule.keys()
