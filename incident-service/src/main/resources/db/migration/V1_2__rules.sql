-- Rules, and what is remembered of the topics to evaluate them exactly.

create table alert_rule (
    name           text primary key,
    title          text not null,
    description    text not null,
    severity       text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
    threshold      integer not null check (threshold >= 0),
    window_seconds bigint not null check (window_seconds > 0),
    enabled        boolean not null
);

-- One row per stretch of time in which a value was seen again before its window was over. Rows that lie wholly inside
-- an episode are not kept: they can no longer change anything. So a flood does not grow this table.
create table observation (
    rule        text not null,
    application text not null,
    scope       text not null,
    value       text not null,
    subject     text not null,
    first_seen  timestamptz not null,
    last_seen   timestamptz not null,
    recorded_at timestamptz not null,
    primary key (rule, application, scope, value, first_seen)
);
create index observation_by_time on observation (rule, application, scope, last_seen);
create index observation_by_age on observation (recorded_at);

create table episode (
    id          uuid primary key,
    rule        text not null,
    application text not null,
    scope       text not null,
    started_at  timestamptz not null,
    ended_at    timestamptz not null,
    incident_id uuid not null references incident,
    unique (rule, application, scope, started_at)
);
create index episode_by_end on episode (rule, application, scope, ended_at);
