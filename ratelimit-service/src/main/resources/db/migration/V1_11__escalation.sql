-- How often a place was blocked lately, so that blocks of repeaters last longer; and what a block asks of whom it stops.

alter table block
    add column remediation text not null default 'ban' check (remediation in ('ban', 'captcha')),
    add column offences integer not null default 1 check (offences > 0);

create table offence (
    target      cidr        not null,
    application text        not null,
    endpoint    text,
    count       integer     not null,
    until       timestamptz not null,
    unique nulls not distinct (target, application, endpoint)
);
create index offence_until on offence (until);
