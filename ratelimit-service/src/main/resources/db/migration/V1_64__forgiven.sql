-- When a person last ended a block of the target: what led to it does not count again, though another block may go on.

alter table block add column forgiven_at timestamptz;

update block set forgiven_at = ended_at where ended_by <> 'ratelimit-service';
