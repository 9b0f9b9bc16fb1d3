-- How often certificates are downloaded, of those issued, by course and client, up to each day.
--
-- Grain       one row per day, course and client, and per day and client for all courses
-- Reads       days, issued_certificates, certificate_downloads, courses
-- Parameters  :data_as_of  when enrolments and batches were read (timestamp)
--
-- `days` holds the days to be counted, each the last of its counts to date, and whether it is final.

WITH scopes (scope) AS (
    SELECT EXPLODE(ARRAY('course', 'all_courses')) AS scope
),

issued AS (
    SELECT
        course_id,
        issued_on,
        COUNT(*) AS issued_count
    FROM issued_certificates
    GROUP BY course_id, issued_on
),

issued_of AS (
    SELECT
        days.day,
        scopes.scope,
        CASE WHEN scopes.scope = 'course' THEN issued.course_id ELSE '' END AS scope_id,
        SUM(issued.issued_count) AS issued_count,
        SUM(CASE WHEN issued.issued_on = days.day THEN issued.issued_count ELSE 0 END)
            AS issued_on_day_count
    FROM issued
    CROSS JOIN scopes
    CROSS JOIN days
    -- Of a certificate without any date nobody knows that it was not there yet.
    WHERE issued.issued_on IS NULL OR issued.issued_on <= days.day
    GROUP BY
        days.day,
        scopes.scope,
        CASE WHEN scopes.scope = 'course' THEN issued.course_id ELSE '' END
),

downloads AS (
    SELECT
        days.day,
        certificate_downloads.course_id,
        certificate_downloads.day = days.day AS is_on_day,
        certificate_downloads.has_certificate,
        certificate_downloads.is_inferred,
        certificate_downloads.download_count,
        certificate_downloads.others_click_count,
        CASE WHEN certificate_downloads.download_count > 0 THEN certificate_downloads.user_id END
            AS user_id,
        CASE WHEN certificate_downloads.download_count > 0 THEN certificate_downloads.device_id END
            AS device_id,
        -- A certificate issued anew after it was downloaded is issued on the later day.
        CASE
            WHEN
                certificate_downloads.download_count > 0
                AND COALESCE(certificate_downloads.issued_on, days.day) <= days.day
                THEN certificate_downloads.certificate_key
        END AS certificate_key,
        EXPLODE(ARRAY(certificate_downloads.client, 'all')) AS client
    FROM certificate_downloads
    CROSS JOIN days
    WHERE certificate_downloads.counted_from <= days.day
),

-- First by person, so that the counts of different ones read few rows.
by_person AS (
    SELECT
        day,
        course_id,
        client,
        user_id,
        device_id,
        certificate_key,
        SUM(download_count) AS download_count,
        SUM(CASE WHEN is_on_day THEN download_count ELSE 0 END) AS download_on_day_count,
        SUM(CASE WHEN NOT has_certificate THEN download_count ELSE 0 END)
            AS without_certificate_count,
        SUM(CASE WHEN is_inferred THEN download_count ELSE 0 END) AS inferred_count,
        SUM(others_click_count) AS others_click_count
    FROM downloads
    GROUP BY day, course_id, client, user_id, device_id, certificate_key
),

downloads_of AS (
    SELECT
        by_person.day,
        scopes.scope,
        CASE WHEN scopes.scope = 'course' THEN by_person.course_id ELSE '' END AS scope_id,
        by_person.client,
        SUM(by_person.download_count) AS download_count,
        SUM(by_person.download_on_day_count) AS download_on_day_count,
        COUNT(DISTINCT by_person.certificate_key) AS downloaded_certificate_count,
        COUNT(DISTINCT by_person.user_id) AS user_count,
        COUNT(DISTINCT by_person.device_id) AS anonymous_device_count,
        SUM(by_person.without_certificate_count) AS without_certificate_count,
        SUM(by_person.inferred_count) AS inferred_count,
        SUM(CASE WHEN by_person.course_id IS NULL THEN by_person.download_count ELSE 0 END)
            AS unattributed_count,
        SUM(by_person.others_click_count) AS others_click_count
    FROM by_person
    CROSS JOIN scopes
    WHERE scopes.scope = 'all_courses' OR by_person.course_id IS NOT NULL
    GROUP BY
        by_person.day,
        scopes.scope,
        CASE WHEN scopes.scope = 'course' THEN by_person.course_id ELSE '' END,
        by_person.client
),

known AS (
    SELECT
        days.day,
        'course' AS scope,
        courses.course_id AS scope_id
    FROM courses
    CROSS JOIN days
    UNION ALL
    SELECT
        day,
        scope,
        scope_id
    FROM issued_of
    UNION ALL
    SELECT
        day,
        'all_courses' AS scope,
        '' AS scope_id
    FROM days
),

shown AS (
    SELECT
        day,
        scope,
        scope_id,
        EXPLODE(ARRAY('all', 'app', 'mobile_web', 'portal')) AS client
    FROM known
    UNION
    SELECT
        day,
        scope,
        scope_id,
        EXPLODE(ARRAY(client, 'all', 'app', 'mobile_web', 'portal')) AS client
    FROM downloads_of
),

counted AS (
    SELECT
        shown.day,
        shown.scope,
        shown.scope_id,
        shown.client,
        COALESCE(issued_of.issued_count, 0) AS issued_count,
        COALESCE(issued_of.issued_on_day_count, 0) AS issued_on_day_count,
        COALESCE(downloads_of.download_count, 0) AS download_count,
        COALESCE(downloads_of.download_on_day_count, 0) AS download_on_day_count,
        COALESCE(downloads_of.downloaded_certificate_count, 0) AS downloaded_certificate_count,
        COALESCE(downloads_of.user_count, 0) AS user_count,
        COALESCE(downloads_of.anonymous_device_count, 0) AS anonymous_device_count,
        COALESCE(downloads_of.without_certificate_count, 0) AS without_certificate_count,
        COALESCE(downloads_of.inferred_count, 0) AS inferred_count,
        CASE WHEN shown.scope = 'all_courses' THEN COALESCE(downloads_of.unattributed_count, 0) END
            AS unattributed_count,
        COALESCE(downloads_of.others_click_count, 0) AS others_click_count
    FROM shown
    LEFT JOIN issued_of
        ON
            shown.day = issued_of.day
            AND shown.scope = issued_of.scope
            AND shown.scope_id = issued_of.scope_id
    LEFT JOIN downloads_of
        ON
            shown.day = downloads_of.day
            AND shown.scope = downloads_of.scope
            AND shown.scope_id = downloads_of.scope_id
            AND shown.client = downloads_of.client
)

SELECT
    counted.day,
    counted.scope,
    counted.scope_id AS course_id,
    counted.client,
    courses.course_name,
    courses.course_channel,
    counted.issued_count,
    counted.issued_on_day_count,
    counted.download_count,
    counted.download_on_day_count,
    counted.downloaded_certificate_count,
    counted.user_count,
    counted.anonymous_device_count,
    ROUND(TRY_DIVIDE(counted.download_count, counted.issued_count), 4) AS download_ratio,
    ROUND(TRY_DIVIDE(counted.downloaded_certificate_count, counted.issued_count), 4)
        AS unique_download_ratio,
    ROUND(TRY_DIVIDE(counted.download_on_day_count, counted.issued_count), 4)
        AS day_to_date_ratio,
    ROUND(TRY_DIVIDE(counted.download_on_day_count, counted.issued_on_day_count), 4) AS day_ratio,
    counted.without_certificate_count,
    counted.inferred_count,
    counted.unattributed_count,
    ROUND(
        TRY_DIVIDE(counted.download_count - counted.unattributed_count, counted.download_count), 4
    ) AS coverage_ratio,
    counted.others_click_count,
    days.is_final,
    :data_as_of AS data_as_of
FROM counted
INNER JOIN days ON counted.day = days.day
LEFT JOIN courses ON counted.scope_id = courses.course_id
