from jobs.samples.batches import BATCHES, UNKNOWN_BATCH_ID
from jobs.samples.requests import SAMPLE_REQUESTS
from jobs.samples.staff import STAFF

batches = {batch.batch_id: batch for batch in BATCHES}
staff = {person.user_id: person for person in STAFF}


def test_first_request_is_the_mentors_own_big_batch_without_a_key() -> None:
    request = SAMPLE_REQUESTS[0]

    assert request.request_data == {"batchId": request.batch_ids[0]}
    assert request.user_id in batches[request.batch_ids[0]].mentors
    assert request.encryption_key is None


def test_second_request_names_two_good_batches_an_unknown_and_a_retired_one() -> None:
    request = SAMPLE_REQUESTS[1]
    known = [batches[batch_id] for batch_id in request.batch_ids if batch_id in batches]

    assert request.request_data == {"batchFilter": list(request.batch_ids)}
    assert [batch.course.status for batch in known] == ["Live", "Live", "Retired"]
    assert all(request.user_id in batch.mentors for batch in known)
    assert UNKNOWN_BATCH_ID in request.batch_ids
    assert request.encryption_key


def test_third_request_comes_from_somebody_who_may_not_ask() -> None:
    request = SAMPLE_REQUESTS[2]
    batch = batches[request.batch_ids[0]]
    person = staff[request.user_id]

    assert person.role is None
    assert request.user_id not in (*batch.mentors, batch.created_by)
    assert person.email


def test_requesters_belong_to_the_channel_that_they_ask_for() -> None:
    for request in SAMPLE_REQUESTS:
        assert staff[request.user_id].tenant.org_id == request.channel


def test_key_is_not_shown_where_a_request_is_printed() -> None:
    assert str(SAMPLE_REQUESTS[1].encryption_key) not in repr(SAMPLE_REQUESTS[1])


def test_learners_details_are_asked_for_by_a_mentor_and_for_the_custodian() -> None:
    asked, refused = [one for one in SAMPLE_REQUESTS if one.job_id == "userinfo-exhaust"]

    assert asked.request_data["purpose"] == "training_follow_up"
    assert all(one.user_id in batches[one.batch_ids[0]].mentors for one in (asked, refused))
    assert staff[refused.user_id].tenant.name == "Custodian"
    assert batches[asked.batch_ids[0]].course.asks_consent
    assert all(len(one.encryption_key or "") >= 12 for one in (asked, refused))
