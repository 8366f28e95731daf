-- What request summaries said, added up per application and the moment at which a stretch of time ended.

create table traffic (
    application     text not null,
    until           timestamptz not null,
    requests        bigint not null,
    server_errors   bigint not null,
    timed_requests  bigint not null,
    total_micros    double precision not null,
    recorded_at     timestamptz not null,
    primary key (application, until)
);
create index traffic_by_age on traffic (recorded_at);
