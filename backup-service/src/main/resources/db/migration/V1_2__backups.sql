-- Backups name their source rather than refer to it: they outlive it.

create table backup (
    id                  uuid primary key,
    source              text not null,
    application         text not null,
    requested_at        timestamptz not null,
    requested_by        text not null,
    status              text not null check (status in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED')),
    step                text,
    reason              text,
    started_at          timestamptz,
    snapshot_at         timestamptz,
    finished_at         timestamptz,
    tool_version        text,
    object_key          text not null unique,
    stored              boolean not null default false,
    size                bigint,
    dump_size           bigint,
    sha256              text,
    objects             integer,
    tables              integer,
    verification        text check (verification in ('REQUESTED', 'RUNNING', 'PASSED', 'FAILED', 'INCONCLUSIVE')),
    verified_at         timestamptz,
    verification_reason text,
    -- The replica that works on it, and until when it is believed to; by the clock of the database.
    lease_owner         uuid,
    lease_until         timestamptz
);
create unique index backup_one_queued on backup (source) where status = 'QUEUED';
create unique index backup_one_running on backup (source) where status = 'RUNNING';
create index backup_by_source on backup (source, id);
create index backup_in_work on backup (lease_until) where lease_owner is not null;
create index backup_to_verify on backup (id) where verification = 'REQUESTED';
