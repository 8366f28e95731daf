-- An incident keeps its clocks for ever: a breach is a fact, whatever happens later.

create sequence incident_number;

create table incident (
    id              uuid primary key,
    number          bigint not null unique,
    application     text not null,
    title           text not null,
    severity        text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
    status          text not null check (status in ('OPEN', 'ACKNOWLEDGED', 'RESOLVED', 'CLOSED')),
    rule            text,
    episode         text unique,
    detected_at     timestamptz not null,
    opened_at       timestamptz not null,
    acknowledge_by  timestamptz not null,
    acknowledged_at timestamptz,
    acknowledged_by text,
    breached_at     timestamptz,
    resolved_at     timestamptz,
    resolved_by     text,
    resolution      text,
    closed_at       timestamptz,
    closed_by       text,
    version         bigint not null
);
create index incident_by_status on incident (status, number);
create index incident_by_application on incident (application, number);
create index incident_running_clock on incident (acknowledge_by) where acknowledged_at is null and breached_at is null;

create table timeline_entry (
    seq         bigint generated always as identity primary key,
    incident_id uuid not null references incident,
    kind        text not null,
    text        text not null,
    author      text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null
);
create index timeline_entry_by_incident on timeline_entry (incident_id, seq);

-- The timeline is evidence: it only grows, even for whoever holds this schema's own role by way of the service.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger timeline_entry_append_only before update or delete on timeline_entry
    for each row execute function refuse_change();
create trigger timeline_entry_no_truncate before truncate on timeline_entry
    for each statement execute function refuse_change();
