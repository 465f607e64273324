-- Runs at every start, as the owner: the ledger's partitions from last month to two years ahead.
-- A month without one (a server that ran for years) goes to the default partition and stays there.
do $$
declare
  first date := date_trunc('month', now() at time zone 'UTC')::date - interval '1 month';
  month date;
  partition text;
begin
  if not exists (select from pg_partitioned_table where partrelid = to_regclass('usage_event')) then
    return; -- migrated only up to a version from before there were partitions
  end if;
  perform pg_advisory_xact_lock(hashtext('galerne.partitions'));
  for month in select generate_series(first, first + interval '25 months', interval '1 month')::date loop
    partition := 'usage_event_' || to_char(month, 'YYYY_MM');
    if to_regclass(partition) is null then
      begin
        execute format('create table %I partition of usage_event for values from (%L) to (%L)',
                       partition, month, (month + interval '1 month')::date);
        execute format('alter table %I enable row level security', partition);
        execute format('alter table %I force row level security', partition);
        execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', partition);
      exception
        when check_violation then null; -- the default partition has rows of that month
      end;
    end if;
  end loop;
end
$$;
