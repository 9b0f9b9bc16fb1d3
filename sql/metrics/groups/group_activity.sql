-- How far the members of each group are in each of its activities.
--
-- Grain       one row per group and activity, those without members among them
-- Reads       activities, group_activity_member

-- Counted before they meet: the members are many, the activities few.
WITH counted AS (
    SELECT
        group_id,
        activity_type,
        activity_id,
        COUNT(*) AS member_count,
        COUNT_IF(is_enrolled) AS enrolment_count,
        COUNT_IF(is_completed) AS completed_count,
        COUNT(score_pct) AS scored_count,
        AVG(score_pct) AS mean_score_pct,
        MAX(score_pct) AS best_score_pct,
        MAX(last_updated_at) AS last_updated_at
    FROM group_activity_member
    GROUP BY group_id, activity_type, activity_id
)

SELECT
    activities.group_id,
    activities.activity_type,
    activities.activity_id,
    COALESCE(counted.member_count, 0) AS member_count,
    COALESCE(counted.enrolment_count, 0) AS enrolment_count,
    COALESCE(counted.completed_count, 0) AS completed_count,
    COALESCE(counted.scored_count, 0) AS scored_count,
    counted.mean_score_pct,
    counted.best_score_pct,
    counted.last_updated_at
FROM activities
LEFT JOIN counted
    ON
        activities.group_id = counted.group_id
        AND activities.activity_type = counted.activity_type
        AND activities.activity_id = counted.activity_id
