-- A moment is judged once all that ended then was told, and again when the windows that hold it are over.

alter table traffic add column judge_at timestamptz;
comment on column traffic.judge_at is 'when it is looked at next; null where nothing is left to judge';
create index traffic_to_judge on traffic (judge_at) where judge_at is not null;

alter table traffic add column waits_since timestamptz;
comment on column traffic.waits_since is
    'when the first was added of what is not judged yet: whoever goes on adding postpones that by one window; null where nothing is left to judge';
