-- One index that no query asks, and one that a search for what is rare lacks.
-- compatible from: 0002

-- online

-- No query looks for tokens by their grant, and no grant is ever deleted.
DROP INDEX impersonation_tokens_by_grant;

-- What somebody has seldom done must not be looked for among all that they have done. Nearly all
-- of that are actions, and whoever has acted was granted and has started something: these four are
-- found soon, and do not stand here, so that recording them costs no more.
CREATE INDEX log_entries_by_actor_and_type ON log_entries (actor_ref, type, idx)
    WHERE actor_ref IS NOT NULL
        AND type NOT IN ('action.completed', 'action.intended', 'grant.created', 'session.started');
