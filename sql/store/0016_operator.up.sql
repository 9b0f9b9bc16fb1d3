-- Operators: the role that the team reads with; analysts read the schema metrics alone from here on.
--
-- Makes       the role operator
-- Undone by   0016_operator.down.sql
-- What either reads follows from the contracts and is laid after each migration.

-- Roles belong to the whole server: another database may have made it, this very moment even.
DO $$
BEGIN
    IF to_regrole('operator') IS NULL THEN
        CREATE ROLE operator NOLOGIN;
        GRANT operator TO CURRENT_USER;
        ALTER ROLE operator SET search_path = metrics, operations, public;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;
