-- Tenants credited for adopted textbooks on a day when none of their adoptions held. A tenant that
-- the adoptions name by its organisation is judged by whether any adoption held at all.
--
-- Severity    fail
-- Reads       metrics.usage_daily, operations.textbook_adoption
-- Parameters  :day  the day published (date)

WITH held AS (
    SELECT DISTINCT textbook_adoption.adopting_channel
    FROM operations.textbook_adoption
    WHERE
        -- A day begins up to 14 hours before the one in UTC and ends up to 12 hours after it.
        textbook_adoption.valid_from < CAST(:day AS timestamp) AT TIME ZONE 'UTC' + interval '36 h'
        AND (
            textbook_adoption.valid_to IS NULL
            OR textbook_adoption.valid_to
            > CAST(:day AS timestamp) AT TIME ZONE 'UTC' - interval '14 h'
        )
)

SELECT usage_daily.owner_channel
FROM metrics.usage_daily
WHERE
    usage_daily.day = :day
    AND usage_daily.owner_scope = 'tenant'
    AND usage_daily.adopted_credit_count > 0
    AND usage_daily.owner_channel NOT IN (SELECT held.adopting_channel FROM held)
    AND (
        NOT EXISTS (SELECT 1 FROM held)
        OR usage_daily.owner_channel IN (
            SELECT textbook_adoption.adopting_channel FROM operations.textbook_adoption
        )
    )
