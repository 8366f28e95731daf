-- The secret by which keys are hashed before they are counted. All replicas need the same, and nobody else may know it:
-- whoever did could choose addresses whose counters collide.

create table limit_secret (
    one bool primary key default true check (one),
    k0  bigint not null,
    k1  bigint not null
);
