-- One schema per service. The search path names it; nothing here is qualified.
-- stored_events is the table of the eventsourcing library's PostgreSQL recorder, with extra nullable columns at its end.

CREATE TABLE IF NOT EXISTS stored_events (
    originator_id      text   NOT NULL,
    originator_version bigint NOT NULL,
    topic              text,
    state              bytea,
    notification_id    bigserial,
    event_id           uuid,
    cause              uuid,
    correlation        uuid,
    subject            text,
    bus_key            text,
    at                 timestamptz,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_vacuum_threshold = 100000000, autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx ON stored_events (notification_id);
CREATE INDEX IF NOT EXISTS stored_events_subject_idx ON stored_events (subject, notification_id);

-- Where each partition was read up to, by compare-and-set, and what became of every record: the counts add up to next - first.
CREATE TABLE IF NOT EXISTS positions (
    topic       text   NOT NULL,
    partition   int    NOT NULL,
    next        bigint NOT NULL,
    first       bigint NOT NULL,
    topic_id    text   NOT NULL,
    accepted    bigint NOT NULL DEFAULT 0,
    duplicate   bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    parked      bigint NOT NULL DEFAULT 0,
    ignored     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS inbox (
    consumer text        NOT NULL DEFAULT current_schema(),
    source   text        NOT NULL,
    event_id uuid        NOT NULL,
    hash     bytea       NOT NULL,
    outcome  text        NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (source, event_id)
);

CREATE TABLE IF NOT EXISTS timers (
    id          uuid PRIMARY KEY,
    stream      text        NOT NULL,
    name        text        NOT NULL,
    due_at      timestamptz NOT NULL,
    note        text        NOT NULL,
    subject     text        NOT NULL,
    bus_key     text        NOT NULL,
    correlation uuid        NOT NULL,
    ends        jsonb,      -- a timer that asks: the inbound ends that must have been read before it may fire
    fired_at    timestamptz
);
CREATE INDEX IF NOT EXISTS timers_due_idx ON timers (due_at, id) WHERE fired_at IS NULL;
CREATE INDEX IF NOT EXISTS timers_subject_idx ON timers (subject) WHERE fired_at IS NULL;

CREATE TABLE IF NOT EXISTS parked (
    seq        bigserial PRIMARY KEY,
    subject    text        NOT NULL,
    message_id uuid        NOT NULL,
    source     text        NOT NULL,
    message    bytea       NOT NULL,  -- the record or timer as it came, sealed where the service seals
    kind       text        NOT NULL,  -- poison | follower
    reason     text        NOT NULL,
    state      text        NOT NULL DEFAULT 'parked',  -- parked | replayed | discarded
    at         timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS parked_subject_idx ON parked (subject) WHERE state = 'parked';

CREATE TABLE IF NOT EXISTS relay (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    published bigint NOT NULL,
    holder    text,        -- the process that publishes and fires timers now, and until when
    until     timestamptz
);
INSERT INTO relay (published) VALUES (0) ON CONFLICT DO NOTHING;

-- Stored facts are never changed.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stored events are never updated or deleted' USING ERRCODE = 'GL009';
END $$;
CREATE OR REPLACE TRIGGER stored_events_are_final BEFORE UPDATE OR DELETE ON stored_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Everything that one batch causes, in one statement, locks always in the same order:
-- positions, inbox, timers, the append lock; then the checks, then the events.
CREATE OR REPLACE FUNCTION append(
    p_topic text[], p_partition int[], p_read bigint[], p_next bigint[], p_topic_id text[],
    p_accepted int[], p_duplicate int[], p_quarantined int[], p_parked int[], p_ignored int[],
    i_source text[], i_event_id uuid[], i_hash bytea[], i_outcome text[], i_at timestamptz[],
    f_timer uuid[], f_at timestamptz[],
    x_stream text[], x_version bigint[],
    s_subject text[],
    u_seq bigint[],
    k_subject text[], k_message_id uuid[], k_source text[], k_message bytea[], k_kind text[], k_reason text[], k_at timestamptz[],
    e_stream text[], e_version bigint[], e_name text[], e_state bytea[], e_event_id uuid[], e_cause uuid[], e_correlation uuid[],
    e_subject text[], e_key text[], e_at timestamptz[],
    t_id uuid[], t_stream text[], t_name text[], t_due_at timestamptz[], t_note text[], t_subject text[], t_key text[],
    t_correlation uuid[], t_ends jsonb[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n    bigint;
    last bigint;
    what text;
BEGIN
    FOR i IN 1 .. cardinality(p_topic) LOOP
        UPDATE positions SET next = p_next[i], accepted = accepted + p_accepted[i], duplicate = duplicate + p_duplicate[i],
            quarantined = quarantined + p_quarantined[i], parked = parked + p_parked[i], ignored = ignored + p_ignored[i]
            WHERE topic = p_topic[i] AND partition = p_partition[i] AND next = p_read[i] AND topic_id = p_topic_id[i];
        IF NOT FOUND THEN
            RAISE EXCEPTION 'position moved' USING ERRCODE = 'GL001', DETAIL = p_topic[i] || '/' || p_partition[i];
        END IF;
    END LOOP;

    IF cardinality(i_event_id) > 0 THEN
        INSERT INTO inbox (source, event_id, hash, outcome, at)
            SELECT * FROM unnest(i_source, i_event_id, i_hash, i_outcome, i_at) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n <> cardinality(i_event_id) THEN
            RAISE EXCEPTION 'seen before' USING ERRCODE = 'GL002';
        END IF;
    END IF;

    IF cardinality(f_timer) > 0 THEN
        UPDATE timers t SET fired_at = f.at FROM unnest(f_timer, f_at) AS f(id, at) WHERE t.id = f.id AND t.fired_at IS NULL;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n <> cardinality(f_timer) THEN
            RAISE EXCEPTION 'timer fired before' USING ERRCODE = 'GL003';
        END IF;
    END IF;

    PERFORM pg_advisory_xact_lock(hashtext('greenlane append'), hashtext(current_schema()));

    IF cardinality(x_stream) > 0 THEN
        SELECT string_agg(x.s, ' ') INTO what FROM unnest(x_stream, x_version) AS x(s, v)
            WHERE coalesce((SELECT max(originator_version) FROM stored_events e WHERE e.originator_id = x.s), 0) <> x.v;
        IF what IS NOT NULL THEN
            RAISE EXCEPTION 'version moved' USING ERRCODE = 'GL004', DETAIL = what;
        END IF;
    END IF;

    IF cardinality(u_seq) > 0 THEN
        UPDATE parked SET state = 'replayed' WHERE seq = ANY (u_seq) AND state = 'parked';
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n <> cardinality(u_seq) THEN
            RAISE EXCEPTION 'replayed before' USING ERRCODE = 'GL006';
        END IF;
        UPDATE inbox SET outcome = 'applied' FROM parked p
            WHERE p.seq = ANY (u_seq) AND inbox.source = p.source AND inbox.event_id = p.message_id;
    END IF;

    IF cardinality(s_subject) > 0 THEN
        SELECT string_agg(DISTINCT subject, ' ') INTO what FROM parked WHERE state = 'parked' AND subject = ANY (s_subject);
        IF what IS NOT NULL THEN
            RAISE EXCEPTION 'case is parked' USING ERRCODE = 'GL005', DETAIL = what;
        END IF;
    END IF;

    IF cardinality(k_subject) > 0 THEN
        -- whoever queues behind a parked message must find it still parked: a replay may have been quicker
        SELECT string_agg(DISTINCT k.s, ' ') INTO what FROM unnest(k_subject, k_kind) AS k(s, kind)
            WHERE k.kind = 'follower' AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.subject = k.s AND p.state = 'parked')
                AND NOT EXISTS (SELECT 1 FROM unnest(k_subject, k_kind) AS q(s, kind) WHERE q.s = k.s AND q.kind = 'poison');
        IF what IS NOT NULL THEN
            RAISE EXCEPTION 'case is free again' USING ERRCODE = 'GL007', DETAIL = what;
        END IF;
        INSERT INTO parked (subject, message_id, source, message, kind, reason, at)
            SELECT * FROM unnest(k_subject, k_message_id, k_source, k_message, k_kind, k_reason, k_at);
    END IF;

    IF cardinality(t_id) > 0 THEN
        INSERT INTO timers (id, stream, name, due_at, note, subject, bus_key, correlation, ends)
            SELECT * FROM unnest(t_id, t_stream, t_name, t_due_at, t_note, t_subject, t_key, t_correlation, t_ends);
    END IF;

    IF cardinality(e_stream) > 0 THEN
        WITH said AS (
            INSERT INTO stored_events (originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at)
                SELECT * FROM unnest(e_stream, e_version, e_name, e_state, e_event_id, e_cause, e_correlation, e_subject, e_key, e_at)
                RETURNING notification_id)
        SELECT max(notification_id) INTO last FROM said;
    END IF;
    RETURN last;
END $$;
