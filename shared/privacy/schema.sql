-- The vault: mutable rows, a schema and a connection string of its own. Nothing here is an event.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.persons (
    member_ref  text PRIMARY KEY,
    blind_index bytea NOT NULL UNIQUE,
    first_by    uuid  NOT NULL,       -- the record that named the person first
    key_id      text  NOT NULL,       -- which key wraps the data key
    wrapped_key bytea NOT NULL,
    ciphertext  bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS vault.policies (
    policy_ref  text PRIMARY KEY,
    blind_index bytea NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS vault.accounts (
    account_ref text PRIMARY KEY,
    blind_index bytea NOT NULL,
    member_ref  text  NOT NULL REFERENCES vault.persons ON DELETE CASCADE,
    key_id      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    ciphertext  bytea NOT NULL,
    UNIQUE (member_ref, blind_index)
);

CREATE TABLE IF NOT EXISTS vault.notes (
    cause       uuid PRIMARY KEY,
    member_ref  text  NOT NULL REFERENCES vault.persons ON DELETE CASCADE,
    key_id      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    ciphertext  bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_member_idx ON vault.notes (member_ref);

-- (sender, its reference) as a hash → our request: a hint for the door; the streams decide.
CREATE TABLE IF NOT EXISTS vault.cases (
    case_key   uuid PRIMARY KEY,
    request_id text NOT NULL,
    member_ref text NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_request_idx ON vault.cases (request_id);
CREATE INDEX IF NOT EXISTS cases_member_idx ON vault.cases (member_ref);

-- How a sender calls its own record: only receipts and orders may know.
CREATE TABLE IF NOT EXISTS vault.records (
    cause  uuid PRIMARY KEY,
    hash   bytea       NOT NULL,
    sealed bytea       NOT NULL,
    at     timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS records_at_idx ON vault.records USING brin (at);

CREATE TABLE IF NOT EXISTS vault.quarantine (
    id          uuid PRIMARY KEY,
    topic       text        NOT NULL,
    partition   int         NOT NULL,
    "offset"    bigint      NOT NULL,
    reason      text        NOT NULL,
    pointer     text        NOT NULL,
    raw         bytea       NOT NULL, -- sealed
    headers     bytea       NOT NULL, -- sealed
    at          timestamptz NOT NULL
);

-- Who was told of whom, and when.
CREATE TABLE IF NOT EXISTS vault.disclosures (
    at         timestamptz NOT NULL DEFAULT now(),
    member_ref text        NOT NULL,
    told       text        NOT NULL
);
CREATE INDEX IF NOT EXISTS disclosures_member_idx ON vault.disclosures (member_ref);

-- Who is to be erased, and what that still waits for; kept afterwards, since it names nobody.
CREATE TABLE IF NOT EXISTS vault.erasures (
    member_ref text PRIMARY KEY,
    actor      text        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL,
    held_by    text[]      NOT NULL DEFAULT '{}',
    erased_at  timestamptz
);

-- A batch of the door in one statement, so that a stopped client holds no lock. Every array is sorted by its key.
-- A person without ciphertext is one the caller believes to be here: no row comes back if that is wrong.
CREATE OR REPLACE FUNCTION vault.take_in(
    m_blind bytea[], m_ref text[], m_by uuid[], m_core boolean[], m_key_id text[], m_wrapped bytea[], m_cipher bytea[],
    p_blind bytea[], p_ref text[],
    c_key uuid[], c_request text[], c_blind bytea[],
    a_case uuid[], a_request text[],
    r_cause uuid[], r_hash bytea[], r_sealed bytea[], r_at timestamptz[],
    x_id uuid[], x_topic text[], x_partition int[], x_offset bigint[], x_reason text[], x_pointer text[],
    x_raw bytea[], x_headers bytea[], x_at timestamptz[]
) RETURNS TABLE (kind text, index bytea, id uuid, name text, more text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO vault.persons (member_ref, blind_index, first_by, key_id, wrapped_key, ciphertext)
        SELECT m.ref, m.blind, m.by, m.key_id, m.wrapped, m.cipher
        FROM unnest(m_blind, m_ref, m_by, m_key_id, m_wrapped, m_cipher) AS m(blind, ref, by, key_id, wrapped, cipher)
        WHERE m.cipher IS NOT NULL
        ON CONFLICT (blind_index) DO NOTHING;
    UPDATE vault.persons AS p SET key_id = m.key_id, wrapped_key = m.wrapped, ciphertext = m.cipher
        FROM unnest(m_blind, m_by, m_core, m_key_id, m_wrapped, m_cipher) AS m(blind, by, core, key_id, wrapped, cipher)
        WHERE p.blind_index = m.blind AND m.core AND m.cipher IS NOT NULL AND p.wrapped_key <> m.wrapped;
    INSERT INTO vault.policies (policy_ref, blind_index)
        SELECT p.ref, p.blind FROM unnest(p_blind, p_ref) AS p(blind, ref)
        ON CONFLICT (blind_index) DO NOTHING;
    INSERT INTO vault.cases (case_key, request_id, member_ref)
        SELECT c.key, c.request, p.member_ref
        FROM unnest(c_key, c_request, c_blind) AS c(key, request, blind) JOIN vault.persons p ON p.blind_index = c.blind
        ON CONFLICT (case_key) DO NOTHING;
    INSERT INTO vault.records (cause, hash, sealed, at)
        SELECT r.cause, r.hash, r.sealed, r.at FROM unnest(r_cause, r_hash, r_sealed, r_at) AS r(cause, hash, sealed, at)
        ON CONFLICT (cause) DO NOTHING;
    INSERT INTO vault.quarantine (id, topic, partition, "offset", reason, pointer, raw, headers, at)
        SELECT x.id, x.topic, x.part, x.off, x.reason, x.pointer, x.raw, x.headers, x.at
        FROM unnest(x_id, x_topic, x_partition, x_offset, x_reason, x_pointer, x_raw, x_headers, x_at)
            AS x(id, topic, part, off, reason, pointer, raw, headers, at)
        ON CONFLICT (id) DO NOTHING;

    RETURN QUERY
        SELECT 'm', p.blind_index, p.first_by, p.member_ref, NULL::text FROM vault.persons p WHERE p.blind_index = ANY (m_blind)
        UNION ALL
        SELECT 'p', p.blind_index, NULL, p.policy_ref, NULL FROM vault.policies p WHERE p.blind_index = ANY (p_blind)
        UNION ALL
        SELECT 'c', NULL, c.case_key, c.request_id, c.member_ref FROM vault.cases c WHERE c.case_key = ANY (a_case)
        UNION ALL
        SELECT 'q', NULL, NULL, c.request_id, min(c.member_ref) FROM vault.cases c
            WHERE c.request_id = ANY (a_request) GROUP BY c.request_id
        UNION ALL
        SELECT 'r', r.hash, r.cause, NULL, NULL FROM vault.records r WHERE r.cause = ANY (r_cause);
END $$;
