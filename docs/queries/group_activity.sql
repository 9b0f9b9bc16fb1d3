-- The groups that are furthest with a course, those of a few members left out.
SELECT
    group_id,
    activity_id,
    member_count,
    completed_count,
    completed_count::double precision / member_count AS completed_ratio
FROM group_activity
WHERE activity_type = 'Course' AND member_count >= 5
ORDER BY completed_ratio DESC, member_count DESC, group_id ASC
LIMIT 20;

-- Groups whose members have not begun: somebody may want to ask their administrator.
SELECT
    group_id,
    activity_id,
    member_count
FROM group_activity
WHERE member_count > 0 AND enrolment_count = 0
ORDER BY member_count DESC, group_id ASC, activity_id ASC
LIMIT 20;

-- What each type of activity comes to, over all groups.
SELECT
    activity_type,
    COUNT(*) AS activity_count,
    SUM(enrolment_count) AS enrolment_count,
    SUM(completed_count) AS completed_count,
    SUM(mean_score_pct * scored_count) / NULLIF(SUM(scored_count), 0) AS mean_score_pct
FROM group_activity
GROUP BY activity_type
ORDER BY activity_count DESC, activity_type ASC;
