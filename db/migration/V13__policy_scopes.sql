-- A policy may hold for a deployment: what serves one or several models.
alter table moderation_policy drop constraint moderation_policy_scope_kind_check;
alter table moderation_policy add constraint moderation_policy_scope_kind_check
  check (scope_kind in ('organization', 'workspace', 'key', 'model', 'deployment'));

-- What was judged as what role said it, for dry runs over kept texts.
alter table moderation_sample add column role text not null default 'user';

-- Whoever keeps the tables sees, of all tenants, only what has expired.
do $$
declare
  kept text;
begin
  foreach kept in array array['moderation_decision', 'moderation_sample'] loop
    execute format('create policy expired_seen_by_keeper on %I for select
      using (current_setting(''galerne.moderation_keeper'', true) = ''on''
             and expires_at < now())', kept);
    execute format('create policy expired_taken_by_keeper on %I for delete
      using (current_setting(''galerne.moderation_keeper'', true) = ''on''
             and expires_at < now())', kept);
    execute format('create index %I on %I (expires_at)', kept || '_expired', kept);
  end loop;
end
$$;
