-- What an endpoint of an application allows; '*' stands for every endpoint that has no policy of its own.

create table policy (
    application text        not null,
    endpoint    text        not null,
    rule        jsonb       not null,
    version     bigint      not null,
    changed_at  timestamptz not null,
    changed_by  text        not null,
    primary key (application, endpoint)
);
