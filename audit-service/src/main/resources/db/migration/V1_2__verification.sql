-- What each verification of the whole log found; the next one also checks that the log still begins with what it saw.

create table verification (
    id            bigint generated always as identity primary key,
    started_at    timestamptz not null,
    finished_at   timestamptz not null,
    requested_by  text not null,
    size          bigint not null,
    root          bytea not null,
    finding_count bigint not null,
    findings      jsonb not null
);
