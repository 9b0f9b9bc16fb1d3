-- Operators, undone: the role loses its privileges in this database. It stays, since roles belong to
-- the whole server and it may own nothing here.

REVOKE ALL ON ALL TABLES IN SCHEMA metrics, operations FROM operator;

REVOKE ALL ON SCHEMA metrics, operations FROM operator;

DO $$
BEGIN
    IF to_regclass('public.job_request') IS NOT NULL THEN
        REVOKE ALL ON public.job_request FROM operator;
    END IF;
END;
$$;

-- Whoever opens the store next lays comments and grants anew, those of analysts too.
COMMENT ON TABLE migrations.alembic_version IS NULL;
