"""The roles and databases of the cluster's PostgreSQL, as the URLs in the settings name them."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import Connection, sql

# Who reads and writes what is laid by the store's migrations; members log in by other names.
GROUPS = ("analyst", "operator", "portal")


@dataclass(frozen=True)
class Login:
    """What a PostgreSQL URL says of who comes and where to."""

    user: str
    password: str = field(repr=False)
    database: str


def login_of(url: str) -> Login:
    parts = urlsplit(url)
    return Login(
        unquote(parts.username or ""), unquote(parts.password or ""), parts.path.strip("/")
    )


def prepare_databases(
    admin_url: str, *, store: Login, airflow: Login, readers: dict[str, Login]
) -> None:
    """Makes what is missing and sets the passwords anew; may be run again at any time."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for login in (store, airflow, *readers.values()):
            make_role(connection, login.user, login.password)
        for group in GROUPS:
            make_role(connection, group)
            grant(connection, group, store.user)
        for group, login in readers.items():
            grant(connection, group, login.user)
        for login, others in ((store, list(readers.values())), (airflow, [])):
            make_database(connection, login, others)


def make_role(connection: Connection, name: str, password: str | None = None) -> None:
    role = sql.Identifier(name)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if found.fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    if password is not None:
        told = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
        connection.execute(told)


def grant(connection: Connection, group: str, member: str) -> None:
    told = sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member))
    connection.execute(told)


def make_database(connection: Connection, owner: Login, others: list[Login]) -> None:
    database = sql.Identifier(owner.database)
    name = [owner.database]
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", name).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(database))
    told = sql.SQL("ALTER DATABASE {} OWNER TO {}")
    connection.execute(told.format(database, sql.Identifier(owner.user)))
    # Nobody comes in but who is named.
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for other in others:
        told = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        connection.execute(told.format(database, sql.Identifier(other.user)))
