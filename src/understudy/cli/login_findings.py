"""What ``understudy doctor`` says of a login of an app's database that is to read and no more.

Of PostgreSQL. It only looks, in a transaction that is read-only, as that login itself.
"""

# ruff: noqa: S608  (nothing that comes from elsewhere is put into these)
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from understudy.cli.findings import Finding
from understudy.errors import Unavailable

if TYPE_CHECKING:
    import psycopg

_SHOWN = 5
_SECONDS = 10
_OWN_SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_TABLES: LiteralString = (
    "SELECT format('%I.%I', n.nspname, c.relname)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {_OWN_SCHEMAS} AND "
)
_CHANGING = "'INSERT, UPDATE, DELETE, TRUNCATE'"


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A query whose rows are each the name of something that is not as it should be."""

    level: str
    names: LiteralString
    wrong: str
    advice: str


_LOOKS: Sequence[_Look] = (
    _Look(
        level="error",
        names="SELECT rolname FROM pg_roles WHERE rolname = current_user"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        wrong="it may more than any login of an app should",
        advice="Make another: CREATE ROLE reader LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
    ),
    _Look(
        level="error",
        names=f"{_TABLES} c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        f" AND (has_table_privilege(c.oid, {_CHANGING})"
        " OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))",
        wrong="it may write",
        advice="REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES … FROM it and PUBLIC",
    ),
    _Look(
        level="error",
        names=f"{_TABLES} CASE WHEN c.relkind = 'S'"
        " THEN has_sequence_privilege(c.oid, 'USAGE, UPDATE') ELSE false END",
        wrong="it may take numbers from sequences",
        advice="REVOKE USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA … FROM it and PUBLIC",
    ),
    _Look(
        level="error",
        names=f"SELECT format('%I', n.nspname) FROM pg_namespace n WHERE {_OWN_SCHEMAS}"
        " AND has_schema_privilege(n.oid, 'CREATE')",
        wrong="it may make something in schemas",
        advice="REVOKE CREATE ON SCHEMA … FROM it and PUBLIC",
    ),
    _Look(
        level="error",
        names="SELECT format('%I', rolname) FROM pg_roles WHERE rolname <> current_user"
        " AND pg_has_role(current_user, oid, 'MEMBER') AND rolname <> 'pg_read_all_data'"
        " AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)",
        wrong="it may become others",
        advice="REVOKE them: what they may, code that says SET ROLE may as well",
    ),
    _Look(
        level="warning",
        names="SELECT p.oid::regprocedure::text FROM pg_proc p"
        f" JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OWN_SCHEMAS}"
        " AND p.prosecdef AND has_function_privilege(p.oid, 'EXECUTE')",
        wrong="it may run what runs with the rights of whoever made it (SECURITY DEFINER)",
        advice="REVOKE EXECUTE ON FUNCTION … FROM it and PUBLIC, where one writes",
    ),
    _Look(
        level="warning",
        names="SELECT p.oid::regprocedure::text FROM pg_proc p"
        " WHERE p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lo_unlink')"
        " AND p.pronamespace = 'pg_catalog'::regnamespace"
        " AND has_function_privilege(p.oid, 'EXECUTE')",
        wrong="outside of read-only transactions it may make large objects",
        advice="REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, where nobody uses them",
    ),
    _Look(
        level="warning",
        names="SELECT format('%I', current_database())"
        " WHERE has_database_privilege(current_database(), 'TEMP')",
        wrong="outside of read-only transactions it may make temporary tables",
        advice="REVOKE TEMP ON DATABASE … FROM it and PUBLIC",
    ),
    _Look(
        level="warning",
        names="SELECT 'default_transaction_read_only'"
        " WHERE current_setting('default_transaction_read_only') = 'off'",
        wrong="its transactions are read-only only where somebody says so",
        advice="ALTER ROLE … SET default_transaction_read_only = on",
    ),
    _Look(
        level="warning",
        names=f"{_TABLES} c.relkind IN ('r', 'p', 'v', 'm')"
        " AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))",
        wrong="it may not read, so that pages fail",
        advice="GRANT USAGE ON SCHEMA …; GRANT SELECT ON ALL TABLES IN SCHEMA …",
    ),
    _Look(
        level="warning",
        names="SELECT DISTINCT format('%I in %I', pg_get_userbyid(c.relowner), n.nspname)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {_OWN_SCHEMAS} AND c.relkind IN ('r', 'p')"
        " AND NOT pg_has_role(current_user, c.relowner, 'USAGE')"
        " AND NOT pg_has_role(current_user, 'pg_read_all_data', 'USAGE')"
        " AND NOT EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) a"
        " WHERE d.defaclrole = c.relowner AND d.defaclobjtype = 'r'"
        " AND d.defaclnamespace IN (0, n.oid) AND a.privilege_type = 'SELECT'"
        " AND CASE WHEN a.grantee = 0 THEN true"
        " ELSE pg_has_role(current_user, a.grantee, 'USAGE') END)",
        wrong="tables that are still to be made it may not read",
        advice="ALTER DEFAULT PRIVILEGES FOR ROLE … IN SCHEMA … GRANT SELECT ON TABLES TO it",
    ),
    _Look(
        level="warning",
        names=f"{_TABLES} c.relrowsecurity AND row_security_active(c.oid)",
        wrong="row security may show it fewer rows than the app, without an error",
        advice="Give it a policy of its own, and compare what both see",
    ),
    _Look(
        level="warning",
        names="SELECT current_setting('search_path')"
        " WHERE position('$user' IN current_setting('search_path')) > 0",
        wrong="$user in its search_path is another schema than the app's",
        advice="ALTER ROLE … SET search_path = public",
    ),
)


def examine_login(url: str) -> Sequence[Finding]:
    """What is wrong with the login by which ``url`` signs in.

    :raises Unavailable: nobody can sign in by it.
    """
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=_SECONDS) as connection:
            connection.read_only = True
            return [_who(connection), *_looked(connection)]
    except psycopg.OperationalError as error:
        raise Unavailable("Nobody can sign in to the app's database by this address.") from error


def _who(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT current_user, current_database()").fetchone() or ("", "")
    return Finding(level="ok", what=f"{row[0]} can sign in to {row[1]}")


def _looked(connection: psycopg.Connection) -> Iterator[Finding]:
    for look in _LOOKS:
        names = [str(row[0]) for row in connection.execute(f"{look.names} ORDER BY 1")]
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            what = f"{look.wrong}: {', '.join(names[:_SHOWN])}{more}"
            yield Finding(level=look.level, what=what, advice=look.advice)
