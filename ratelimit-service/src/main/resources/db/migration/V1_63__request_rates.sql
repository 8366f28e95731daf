-- What is usual: how many requests an endpoint gets. Intervals of the last days, and of each hour before what remains of it.
-- The endpoint is empty where the whole application is meant. Intervals of other minutes say nothing about each other.

create table request_series (
    application text        not null,
    endpoint    text        not null,
    last_at     timestamptz not null,
    primary key (application, endpoint)
);

create table request_interval (
    application text             not null,
    endpoint    text             not null,
    at          timestamptz      not null,
    minutes     integer          not null,
    requests    double precision not null,
    primary key (application, endpoint, minutes, at)
);
create index request_interval_at on request_interval using brin (at);

create table request_hour (
    application text             not null,
    endpoint    text             not null,
    at          timestamptz      not null,
    minutes     integer          not null,
    median      double precision not null,
    deviation   double precision not null,
    ratio       double precision not null,
    primary key (application, endpoint, minutes, at)
);
create index request_hour_at on request_hour using brin (at);
