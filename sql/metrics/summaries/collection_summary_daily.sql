-- What each batch has come to: enrolments, completions and certificates by the learners' place.
--
-- Grain       one row per batch, state and district of its learners; one where it has none
-- Reads       batches, progress, collection_facts
-- Parameters  :day          the day of the count, in the report time zone (date)
--             :computed_at  when it is counted (timestamp)

WITH counted AS (
    SELECT
        batch_id,
        COALESCE(state, 'unknown') AS state,
        COALESCE(district, 'unknown') AS district,
        COUNT(*) AS enrolment_count,
        COUNT(completed_on) AS completion_count,
        COUNT_IF(has_certificate) AS certificate_count,
        -- What all of them share is theirs; of what they differ in no one value is the row's.
        CASE
            WHEN COUNT(org_name) = COUNT(*) AND MIN(org_name) = MAX(org_name)
                THEN MIN(org_name)
        END AS org_name,
        CASE
            WHEN COUNT(user_type) = COUNT(*) AND MIN(user_type) = MAX(user_type)
                THEN MIN(user_type)
        END AS user_type,
        CASE
            WHEN COUNT(user_sub_type) = COUNT(*) AND MIN(user_sub_type) = MAX(user_sub_type)
                THEN MIN(user_sub_type)
        END AS user_sub_type
    FROM progress
    -- Without a date of enrolment a learner is enrolled all the same.
    WHERE COALESCE(left_out_reason, '') <> 'left_batch'
    GROUP BY batch_id, COALESCE(state, 'unknown'), COALESCE(district, 'unknown')
)

SELECT
    :day AS day,
    collection_facts.content_org,
    batches.batch_id,
    batches.collection_id,
    collection_facts.collection_name,
    batches.batch_name,
    batches.start_on,
    batches.end_on,
    CASE WHEN batches.has_certificate_template THEN 'Y' ELSE 'N' END AS has_certificate,
    COALESCE(counted.state, 'unknown') AS state,
    COALESCE(counted.district, 'unknown') AS district,
    COALESCE(counted.enrolment_count, 0) AS enrolment_count,
    COALESCE(counted.completion_count, 0) AS completion_count,
    COALESCE(counted.certificate_count, 0) AS certificate_count,
    CASE
        WHEN batches.has_certificate_template
            THEN COALESCE(counted.completion_count - counted.certificate_count, 0)
    END AS certificate_lag_count,
    collection_facts.collection_status,
    collection_facts.keywords,
    collection_facts.channel,
    :computed_at AS computed_at,
    counted.org_name,
    collection_facts.created_for,
    collection_facts.medium,
    collection_facts.subject,
    counted.user_type,
    counted.user_sub_type
FROM batches
LEFT JOIN counted ON batches.batch_id = counted.batch_id
LEFT JOIN collection_facts ON batches.collection_id = collection_facts.collection_id
