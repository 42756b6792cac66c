-- The log itself. What the dashboard searches in it is in entries.sql.

-- name: log_head_get
-- The signed checkpoint.
SELECT note FROM log_head WHERE id = 1;

-- name: log_head_put
-- Replace the signed checkpoint.
INSERT INTO log_head (id, note) VALUES (1, :note)
ON CONFLICT (id) DO UPDATE SET note = excluded.note;

-- name: log_tile_get
-- The widest tile at one place.
SELECT hashes FROM log_tiles WHERE level = :level AND tile_index = :tile_index;

-- name: log_edge_list
-- The last tile of each of the levels that a log of a trillion entries has.
SELECT level, tile_index, hashes FROM log_tiles
WHERE (level, tile_index) IN (
    SELECT 0, max(tile_index) FROM log_tiles WHERE level = 0
    UNION ALL SELECT 1, max(tile_index) FROM log_tiles WHERE level = 1
    UNION ALL SELECT 2, max(tile_index) FROM log_tiles WHERE level = 2
    UNION ALL SELECT 3, max(tile_index) FROM log_tiles WHERE level = 3
    UNION ALL SELECT 4, max(tile_index) FROM log_tiles WHERE level = 4
);

-- name: log_tile_places_stream
-- Where tiles are.
SELECT level, tile_index FROM log_tiles ORDER BY level, tile_index;

-- name: log_tile_put
-- Insert a tile, or replace it by a wider one.
INSERT INTO log_tiles (level, tile_index, hashes) VALUES (:level, :tile_index, :hashes)
ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes;

-- name: log_entry_add
-- Insert an entry; its index must be free.
INSERT INTO log_entries (
    idx, leaf, time_ms, type, application_id, actor_ref, subject_ref, organization_ref,
    grant_id, session_id, outcome, doer_ref, core, core_salt, personal, personal_salt
) VALUES (
    :idx, :leaf, :time_ms, :type, :application_id, :actor_ref, :subject_ref, :organization_ref,
    :grant_id, :session_id, :outcome, :doer_ref, :core, :core_salt, :personal, :personal_salt
);

-- name: log_leaves_list
-- The leaves of some entries, in order.
SELECT leaf FROM log_entries WHERE idx >= :first AND idx < :beyond ORDER BY idx;

-- name: log_rows_stream
-- Some entries as they are stored, in order.
SELECT idx, leaf, time_ms, type, application_id, actor_ref, subject_ref, organization_ref,
    grant_id, session_id, outcome, doer_ref, core, core_salt, personal, personal_salt
FROM log_entries WHERE idx >= :first AND idx < :beyond ORDER BY idx;
