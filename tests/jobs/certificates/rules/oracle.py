"""A second opinion on rules, written apart from them: fractions, three values, ranks by counting."""

from fractions import Fraction

TRUE, FALSE, UNKNOWN = "met", "not_met", "unknown"


def opinion(rule, person, everybody):
    """met, not_met or unknown for one learner (dicts of facts) of a batch."""
    return said(rule, person, everybody, [])


def said(rule, person, everybody, around):
    if "rules" not in rule:
        return leaf(rule, person, everybody, around)
    siblings = [other for other in rule["rules"] if not asks_for_rank(other)]
    inner = around + siblings if rule["op"] == "AND" else around
    found = {said(other, person, everybody, inner) for other in rule["rules"]}
    strongest, weakest = (FALSE, TRUE) if rule["op"] == "AND" else (TRUE, FALSE)
    return strongest if strongest in found else UNKNOWN if UNKNOWN in found else weakest


def asks_for_rank(rule):
    return any(map(asks_for_rank, rule["rules"])) if "rules" in rule else rule["key"] == "top"


def leaf(rule, person, everybody, around):
    if rule["key"] == "top":
        return rank(rule, person, everybody, around)
    have = {
        "rootOrgId": person["root_org_id"] or None,
        "age": person["age"],
        "timespent": person["timespent_ms"],
        "status": person["status"],
        "score": percent(person),
        "completed": done(person),
    }[rule["key"]]
    if have is None:
        return UNKNOWN
    want = rule["value"] if rule["key"] == "rootOrgId" else Fraction(rule["value"])
    holds = {
        "=": lambda: have == want,
        "!=": lambda: have != want,
        "<": lambda: have < want,
        "<=": lambda: not have > want,
        ">": lambda: have > want,
        ">=": lambda: not have < want,
    }[rule["cmp"]]()
    return TRUE if holds else FALSE


def percent(person):
    won, most = person["score_points"], person["score_max_points"]
    if person["score_problem"] or won is None or not most or most < 0:
        return None
    return min(Fraction(100), Fraction(100 * won, most))


def done(person):
    count, of = person["completed_count"], person["leaf_count"]
    return (
        None if count is None or not of or of < 0 else min(Fraction(100), Fraction(100 * count, of))
    )


def rank(rule, person, everybody, around):
    fits = {
        other["user_id"]: said({"op": "AND", "rules": around}, other, everybody, [])
        if around
        else TRUE
        for other in everybody
    }
    mine = fits[person["user_id"]]
    if mine != TRUE:
        return mine
    if not person["batch_has_ended"] or percent(person) is None:
        return UNKNOWN
    better = [
        other for other in everybody
        if fits[other["user_id"]] == TRUE and percent(other) is not None and precedes(other, person)
    ]  # fmt: skip
    return TRUE if len(better) < int(rule["value"]) else FALSE


def precedes(one, other):
    if percent(one) != percent(other):
        return percent(one) > percent(other)
    for name in ("score_reached_at", "completed_at"):
        first, second = one[name], other[name]
        if first != second:
            return second is None or (first is not None and first < second)
    return False
