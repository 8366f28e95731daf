-- What the login policy counts: one row per failed sign-in, by the time at which it happened. Rows go by the time at
-- which they came, so that a backlog is counted like the present.

create table login_failure (
    application text        not null,
    subject     cidr        not null,
    failed_at   timestamptz not null,
    received_at timestamptz not null default clock_timestamp()
);
create index login_failure_window on login_failure (application, subject, failed_at desc);
create index login_failure_recent on login_failure (failed_at);
create index login_failure_received on login_failure using brin (received_at);
