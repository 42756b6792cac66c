"""A table whose trigger writes down who caused each of its rows."""

from __future__ import annotations

import psycopg

SCHEMA = """
CREATE TABLE orders (id serial PRIMARY KEY, state text NOT NULL);
CREATE TABLE audit (state text, actor text, subject text, session text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit VALUES (
        NEW.state,
        nullif(current_setting('understudy.actor', true), ''),
        nullif(current_setting('understudy.subject', true), ''),
        nullif(current_setting('understudy.session', true), '')
    );
    RETURN NEW;
END $$;
CREATE TRIGGER told AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION tell();
"""
Row = tuple[str, str | None, str | None, str | None]
BY_SAM = ("opr_1", "42", "ses_1")
BY_NOBODY = (None, None, None)


def make(url: str) -> None:
    """Lay the tables out."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SCHEMA)


def told(url: str) -> list[Row]:
    """What the trigger has written down, by the state of the order."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT * FROM audit ORDER BY state").fetchall()
