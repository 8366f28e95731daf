-- The limits of one of Envoy's rate limit domains, as envoyproxy/ratelimit's YAML says them.

create table envoy_domain (
    application text        not null,
    domain      text        not null,
    yaml        text        not null,
    version     bigint      not null,
    changed_at  timestamptz not null,
    changed_by  text        not null,
    primary key (application, domain)
);
