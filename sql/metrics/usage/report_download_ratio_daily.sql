-- How often progress reports are downloaded per batch: by batch, course, tenant and all.
--
-- Grain       one row per day and scope; of batches those that run, or had a download
-- Reads       days, report_batches, report_downloads, report_deliveries, courses, tenants
-- Parameters  :data_as_of  when enrolments and batches were read (timestamp)

WITH scopes (scope) AS (
    SELECT EXPLODE(ARRAY('batch', 'course', 'tenant', 'all_courses'))
),

made AS (
    SELECT
        batch.created_on,
        batch.start_on,
        batch.end_on,
        days.day,
        scopes.scope,
        CASE scopes.scope
            WHEN 'batch' THEN batch.batch_id
            WHEN 'course' THEN batch.course_id
            WHEN 'tenant' THEN batch.channel
            ELSE ''
        END AS scope_id
    FROM report_batches AS batch
    CROSS JOIN scopes
    CROSS JOIN days
    -- Of a batch without a date of making nobody knows that it was not there yet.
    WHERE batch.status IN (0, 1, 2) AND COALESCE(batch.created_on, days.day) <= days.day
),

made_of AS (
    SELECT
        day,
        scope,
        scope_id,
        COUNT(*) AS batch_count,
        COUNT_IF(created_on = day) AS batch_on_day_count,
        COUNT_IF(start_on <= day) AS started_batch_count,
        COUNT_IF(end_on IS NULL OR end_on >= day) AS running_batch_count
    FROM made
    WHERE scope_id IS NOT NULL
    GROUP BY day, scope, scope_id
),

downloads AS (
    SELECT
        days.day,
        report_downloads.day = days.day AS is_on_day,
        report_downloads.report,
        report_downloads.batch_id,
        report_downloads.course_id,
        report_downloads.channel,
        report_downloads.user_id,
        report_downloads.is_mentor,
        report_downloads.is_before_start,
        report_downloads.is_after_end,
        report_downloads.is_inferred,
        report_downloads.click_count,
        report_downloads.report = 'progress' AS is_progress,
        scopes.scope,
        CASE scopes.scope
            WHEN 'batch' THEN report_downloads.batch_id
            WHEN 'course' THEN report_downloads.course_id
            WHEN 'tenant' THEN report_downloads.channel
            ELSE ''
        END AS scope_id
    FROM report_downloads
    CROSS JOIN scopes
    CROSS JOIN days
    WHERE report_downloads.counted_from <= days.day
),

downloads_of AS (
    SELECT
        day,
        scope,
        scope_id,
        COUNT(DISTINCT CASE WHEN is_progress THEN batch_id END) AS downloaded_batch_count,
        COUNT(DISTINCT CASE WHEN is_progress THEN user_id END) AS user_count,
        SUM(CASE WHEN is_progress THEN click_count ELSE 0 END) AS download_count,
        SUM(CASE WHEN is_progress AND is_on_day THEN click_count ELSE 0 END)
            AS download_on_day_count,
        SUM(CASE WHEN is_progress AND is_mentor THEN click_count ELSE 0 END)
            AS mentor_download_count,
        SUM(CASE WHEN is_progress AND is_before_start THEN click_count ELSE 0 END)
            AS before_start_count,
        SUM(CASE WHEN is_progress AND is_after_end THEN click_count ELSE 0 END)
            AS after_end_count,
        SUM(CASE WHEN is_progress AND is_inferred THEN click_count ELSE 0 END) AS inferred_count,
        SUM(CASE WHEN report = 'score' THEN click_count ELSE 0 END) AS score_download_count,
        SUM(CASE WHEN report = 'summary' THEN click_count ELSE 0 END) AS summary_download_count,
        SUM(CASE WHEN report = 'exhaust_request' THEN click_count ELSE 0 END) AS request_count,
        SUM(CASE WHEN is_progress AND course_id IS NULL THEN click_count ELSE 0 END)
            AS without_course_count,
        SUM(CASE WHEN is_progress AND channel IS NULL THEN click_count ELSE 0 END)
            AS without_tenant_count,
        SUM(CASE WHEN is_progress AND batch_id IS NOT NULL THEN click_count ELSE 0 END)
            AS with_batch_count
    FROM downloads
    WHERE scope_id IS NOT NULL
    GROUP BY day, scope, scope_id
),

deliveries AS (
    SELECT
        days.day,
        report_deliveries.day = days.day AS is_on_day,
        report_deliveries.mailed_count,
        report_deliveries.link_opening_count,
        report_deliveries.mailed_count + report_deliveries.link_opening_count AS delivered_count,
        scopes.scope,
        CASE scopes.scope
            WHEN 'batch' THEN report_deliveries.batch_id
            WHEN 'course' THEN report_deliveries.course_id
            WHEN 'tenant' THEN report_deliveries.channel
            ELSE ''
        END AS scope_id
    FROM report_deliveries
    CROSS JOIN scopes
    CROSS JOIN days
    WHERE report_deliveries.day <= days.day
),

deliveries_of AS (
    SELECT
        day,
        scope,
        scope_id,
        SUM(mailed_count) AS mailed_count,
        SUM(link_opening_count) AS link_opening_count,
        SUM(CASE WHEN is_on_day THEN delivered_count ELSE 0 END) AS delivered_on_day_count,
        SUM(delivered_count) AS delivered_count
    FROM deliveries
    WHERE scope_id IS NOT NULL
    GROUP BY day, scope, scope_id
),

shown AS (
    SELECT
        day,
        scope,
        scope_id
    FROM made_of
    WHERE scope <> 'batch' OR running_batch_count > 0
    UNION
    SELECT
        day,
        scope,
        scope_id
    FROM downloads_of
    UNION
    SELECT
        day,
        scope,
        scope_id
    FROM deliveries_of
    UNION
    SELECT
        day,
        'all_courses' AS scope,
        '' AS scope_id
    FROM days
),

counted AS (
    SELECT
        shown.day,
        shown.scope,
        shown.scope_id,
        COALESCE(made_of.batch_count, 0) AS batch_count,
        COALESCE(made_of.batch_on_day_count, 0) AS batch_on_day_count,
        COALESCE(made_of.started_batch_count, 0) AS started_batch_count,
        COALESCE(downloads_of.downloaded_batch_count, 0) AS downloaded_batch_count,
        COALESCE(downloads_of.download_count, 0) AS download_count,
        COALESCE(downloads_of.download_on_day_count, 0) AS download_on_day_count,
        COALESCE(downloads_of.user_count, 0) AS user_count,
        COALESCE(downloads_of.mentor_download_count, 0) AS mentor_download_count,
        COALESCE(downloads_of.before_start_count, 0) AS before_start_count,
        COALESCE(downloads_of.after_end_count, 0) AS after_end_count,
        COALESCE(downloads_of.inferred_count, 0) AS inferred_count,
        COALESCE(downloads_of.score_download_count, 0) AS score_download_count,
        COALESCE(downloads_of.summary_download_count, 0) AS summary_download_count,
        COALESCE(downloads_of.request_count, 0) AS request_count,
        COALESCE(downloads_of.without_course_count, 0) AS without_course_count,
        COALESCE(downloads_of.without_tenant_count, 0) AS without_tenant_count,
        COALESCE(downloads_of.with_batch_count, 0) AS with_batch_count,
        COALESCE(deliveries_of.mailed_count, 0) AS mailed_count,
        COALESCE(deliveries_of.link_opening_count, 0) AS link_opening_count,
        COALESCE(deliveries_of.delivered_on_day_count, 0) AS delivered_on_day_count,
        COALESCE(deliveries_of.delivered_count, 0) AS delivered_count
    FROM shown
    LEFT JOIN made_of
        ON
            shown.day = made_of.day
            AND shown.scope = made_of.scope
            AND shown.scope_id = made_of.scope_id
    LEFT JOIN downloads_of
        ON
            shown.day = downloads_of.day
            AND shown.scope = downloads_of.scope
            AND shown.scope_id = downloads_of.scope_id
    LEFT JOIN deliveries_of
        ON
            shown.day = deliveries_of.day
            AND shown.scope = deliveries_of.scope
            AND shown.scope_id = deliveries_of.scope_id
)

SELECT
    counted.day,
    counted.scope,
    counted.scope_id,
    COALESCE(batch.batch_name, courses.course_name, tenants.tenant_name) AS scope_name,
    batch.course_id,
    batch.channel,
    counted.batch_count,
    counted.batch_on_day_count,
    counted.started_batch_count,
    counted.downloaded_batch_count,
    counted.download_count,
    counted.download_on_day_count,
    counted.user_count,
    counted.mentor_download_count,
    counted.download_count - counted.mentor_download_count AS other_download_count,
    counted.before_start_count,
    counted.after_end_count,
    counted.inferred_count,
    counted.score_download_count,
    counted.summary_download_count,
    counted.download_count + counted.request_count AS legacy_download_count,
    counted.mailed_count,
    counted.link_opening_count,
    counted.delivered_on_day_count,
    ROUND(TRY_DIVIDE(counted.download_count, counted.batch_count), 4) AS download_ratio,
    ROUND(TRY_DIVIDE(counted.download_on_day_count, counted.batch_count), 4) AS day_to_date_ratio,
    ROUND(TRY_DIVIDE(counted.download_on_day_count, counted.batch_on_day_count), 4) AS day_ratio,
    ROUND(TRY_DIVIDE(counted.delivered_count, counted.batch_count), 4) AS delivered_ratio,
    IF(counted.scope = 'all_courses', counted.without_course_count, NULL) AS without_course_count,
    IF(counted.scope = 'all_courses', counted.without_tenant_count, NULL) AS without_tenant_count,
    ROUND(TRY_DIVIDE(counted.with_batch_count, counted.download_count), 4) AS coverage_ratio,
    days.is_final,
    :data_as_of AS data_as_of
FROM counted
INNER JOIN days ON counted.day = days.day
LEFT JOIN report_batches AS batch
    ON counted.scope = 'batch' AND counted.scope_id = batch.batch_id
LEFT JOIN courses ON counted.scope = 'course' AND counted.scope_id = courses.course_id
LEFT JOIN tenants ON counted.scope = 'tenant' AND counted.scope_id = tenants.channel
