-- Orders given from an incident, by the id that their outcome carries.

create table containment_action (
    command_id   uuid primary key,
    incident_id  uuid not null references incident,
    type         text not null check (type in ('BLOCK', 'END_SESSIONS')),
    target       text not null,
    duration     text,
    reason       text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    state        text not null check (state in ('REQUESTED', 'DONE', 'FAILED')),
    outcome      text,
    finished_at  timestamptz
);
create index containment_action_by_incident on containment_action (incident_id, requested_at);
