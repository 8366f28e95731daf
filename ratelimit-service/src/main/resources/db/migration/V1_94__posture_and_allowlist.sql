-- How an application stands to its clients, one row for each that ever had another posture than the usual one; and who is
-- served whatever else is said.

create table posture (
    application text primary key,
    mode        text             not null,
    factor      double precision not null,
    reason      text             not null,
    author      text             not null,
    since       timestamptz      not null,
    until       timestamptz,
    status_page text,
    version     bigint           not null
);

create table allowance (
    id          uuid primary key,
    target      cidr        not null,
    application text        not null,
    endpoint    text,
    reason      text        not null,
    author      text        not null,
    since       timestamptz not null,
    until       timestamptz,
    unique nulls not distinct (target, application, endpoint)
);
create index allowance_over on allowance (until) where until is not null;
