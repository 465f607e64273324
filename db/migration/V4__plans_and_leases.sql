-- Plans are versioned: a change is a new row, and the newest version of a plan is in force.
create table plan (
  id text not null check (id ~ '^[a-z0-9][a-z0-9_-]{0,49}$' and id <> 'tiered'),
  version integer not null check (version > 0),
  requests_per_second double precision check (requests_per_second > 0),
  requests_burst integer check (requests_burst > 0),
  tokens_per_minute bigint check (tokens_per_minute > 0),
  tokens_per_month bigint check (tokens_per_month > 0),
  spend_cap_micros bigint check (spend_cap_micros between 0 and 9000000000000),
  weight double precision not null check (weight between 0.001 and 1000000),
  waiting_share double precision check (waiting_share > 0 and waiting_share <= 1),
  created_at timestamptz not null default now(),
  primary key (id, version)
);

create table plan_model_limit (
  plan_id text not null,
  plan_version integer not null,
  model text not null check (length(model) between 1 and 200),
  tokens_per_minute bigint check (tokens_per_minute > 0),
  tokens_per_month bigint check (tokens_per_month > 0),
  primary key (plan_id, plan_version, model),
  foreign key (plan_id, plan_version) references plan (id, version)
);

-- The plans that a tenant of the plan 'tiered' climbs as its cumulative billing rises.
create table tier (
  billed_micros_min bigint primary key check (billed_micros_min >= 0),
  plan_id text not null
);

-- scope_id is the organisation's, the workspace's or the key's id; model '' is all models together.
create table rate_limit (
  tenant_id uuid not null references tenant,
  scope text not null check (scope in ('organisation', 'workspace', 'key')),
  scope_id uuid not null,
  model text not null default '',
  requests_per_second double precision check (requests_per_second > 0),
  requests_burst integer check (requests_burst > 0),
  tokens_per_minute bigint check (tokens_per_minute > 0),
  tokens_per_month bigint check (tokens_per_month > 0),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, scope, scope_id, model)
);

create table spend_cap (
  tenant_id uuid not null references tenant,
  scope text not null check (scope in ('organisation', 'workspace', 'key')),
  scope_id uuid not null,
  cap_micros bigint not null check (cap_micros between 0 and 9000000000000),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, scope, scope_id)
);

-- Token buckets: level tokens at updated_at. An answer's tokens are taken when it ends, so the
-- level may be negative.
create table rate_bucket (
  tenant_id uuid not null,
  name text not null,
  level double precision not null,
  updated_at timestamptz not null,
  primary key (tenant_id, name)
);

-- Periods are months in UTC by the database's clock, named by their first day.
create table token_quota (
  tenant_id uuid not null,
  name text not null,
  period date not null,
  used bigint not null check (used >= 0),
  primary key (tenant_id, name, period)
);

-- What was spent in each period, and what requests in progress may still spend: in 1e-12 units, of
-- which a token costs a whole number, so that nothing is rounded. Kept for every organisation,
-- workspace and key, capped or not; scope_id of a key is its line, which outlives a rotation.
create table budget (
  tenant_id uuid not null,
  scope text not null,
  scope_id uuid not null,
  period date not null,
  spent_picos numeric(38) not null default 0 check (spent_picos >= 0),
  reserved_picos numeric(38) not null default 0 check (reserved_picos >= 0),
  primary key (tenant_id, scope, scope_id, period)
);

-- A process that serves. It is dead when its heart has not been seen to beat for a while.
create table replica (
  id uuid primary key,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);

-- A request in progress: what it may spend, and how much of its answer is known to be delivered.
create table reservation (
  request_id uuid primary key,
  tenant_id uuid not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  replica_id uuid not null,
  source text not null, -- as JSON, for its line in the ledger
  prompt_tokens integer not null check (prompt_tokens >= 0),
  cached_prompt_tokens integer not null default 0 check (cached_prompt_tokens >= 0),
  delivered_tokens integer not null default 0 check (delivered_tokens >= 0),
  emitting boolean not null default false,
  key_line uuid not null,
  reserved_picos bigint not null default 0 check (reserved_picos >= 0),
  capped text[] not null default '{}',
  period date not null,
  token_buckets text[] not null default '{}',
  token_quotas text[] not null default '{}',
  started_at timestamptz not null
);

create index reservation_by_replica on reservation (replica_id);

alter table rate_limit enable row level security;
alter table rate_limit force row level security;
create policy own_rows on rate_limit using (tenant_id = galerne_tenant());
alter table spend_cap enable row level security;
alter table spend_cap force row level security;
create policy own_rows on spend_cap using (tenant_id = galerne_tenant());
alter table rate_bucket enable row level security;
alter table rate_bucket force row level security;
create policy own_rows on rate_bucket using (tenant_id = galerne_tenant());
alter table token_quota enable row level security;
alter table token_quota force row level security;
create policy own_rows on token_quota using (tenant_id = galerne_tenant());
alter table budget enable row level security;
alter table budget force row level security;
create policy own_rows on budget using (tenant_id = galerne_tenant());
alter table reservation enable row level security;
alter table reservation force row level security;
create policy own_rows on reservation using (tenant_id = galerne_tenant());
-- Whoever closes the requests of a dead replica names it, and sees them before their tenants.
create policy of_named_replica on reservation for select
  using (replica_id = nullif(current_setting('galerne.replica', true), '')::uuid);

grant select on plan, plan_model_limit, tier to galerne_app;
grant insert on plan, plan_model_limit to galerne_app;
grant select, insert, update, delete on rate_limit, spend_cap to galerne_app;
grant select, insert, update on rate_bucket, token_quota, budget to galerne_app;
grant select, insert, update, delete on replica, reservation to galerne_app;

insert into plan (id, version, requests_per_second, requests_burst, tokens_per_minute,
    tokens_per_month, spend_cap_micros, weight, waiting_share)
values
  ('standard', 1, null, null, null, null, null, 1, null),
  ('free', 1, 1, 1, 500000, 200000000, null, 0.5, 0.05),
  ('tier-1', 1, 2, 2, 2000000, 1000000000, null, 1, 0.1),
  ('tier-2', 1, 5, 5, 2000000, 10000000000, null, 2, 0.2),
  ('tier-3', 1, 10, 10, 4000000, 20000000000, null, 3, 0.25),
  ('tier-4', 1, 20, 20, 8000000, 50000000000, null, 4, 0.25);
insert into tier (billed_micros_min, plan_id)
values (0, 'tier-1'), (20000001, 'tier-2'), (100000001, 'tier-3'), (500000001, 'tier-4');

create function galerne_period() returns date
  language sql stable
  return date_trunc('month', now() at time zone 'UTC')::date;

-- The level of a bucket now, its row locked.
create function galerne_bucket(p_tenant uuid, p_name text, p_capacity double precision,
    p_rate double precision, out level double precision, out at timestamptz)
  language plpgsql as $$
declare
  since timestamptz;
begin
  select b.level, b.updated_at into level, since from rate_bucket b
    where b.tenant_id = p_tenant and b.name = p_name for update;
  if not found then
    insert into rate_bucket values (p_tenant, p_name, p_capacity, clock_timestamp())
      on conflict do nothing;
    select b.level, b.updated_at into level, since from rate_bucket b
      where b.tenant_id = p_tenant and b.name = p_name for update;
  end if;
  at := clock_timestamp();
  if at < since then -- the clock was set back
    update rate_bucket b set updated_at = at where b.tenant_id = p_tenant and b.name = p_name;
  end if;
  level := least(p_capacity,
    level + p_rate * greatest(0, extract(epoch from at - since)::double precision));
end $$;

-- Admits a request or says what it hits; all or nothing, in one statement. Rows are locked in one
-- order everywhere: reservation, buckets and quotas by name, budgets from organisation to key.
create function galerne_admit(
    p_request uuid, p_tenant uuid, p_workspace uuid, p_key uuid, p_key_line uuid, p_replica uuid,
    p_source text, p_prompt integer, p_started timestamptz,
    p_buckets text[], p_capacities double precision[], p_rates double precision[],
    p_costs double precision[], p_by_answer boolean[],
    p_quotas text[], p_quota_maxima bigint[],
    p_caps_micros bigint[], p_need_alone bigint, p_need bigint, p_want bigint,
    out verdict text, out hit integer, out wait_seconds double precision,
    out levels double precision[], out granted bigint, out cap numeric, out spent numeric,
    out reserved numeric)
  language plpgsql as $$
declare
  month constant date := galerne_period();
  scopes constant text[] := array['organisation', 'workspace', 'key'];
  ids constant uuid[] := array[p_tenant, p_workspace, p_key_line];
  caps numeric[] := p_caps_micros;
  capped text[] := '{}';
  answers text[] := '{}';
  state record;
  wait double precision;
begin
  perform set_config('galerne.tenant', p_tenant::text, true);
  -- a batch tries a request again that a killed replica had begun
  if exists (select from reservation v where v.request_id = p_request) then
    perform galerne_cancel(p_request, p_tenant);
  end if;
  verdict := 'admitted';
  levels := '{}';
  wait_seconds := 0;
  for i in 1 .. coalesce(array_length(p_buckets, 1), 0) loop
    state := galerne_bucket(p_tenant, p_buckets[i], p_capacities[i], p_rates[i]);
    levels := levels || state.level;
    -- what is larger than the bucket passes when the bucket is full, and is paid off afterwards
    wait := (least(p_costs[i], p_capacities[i]) - state.level) / p_rates[i];
    if wait > 1e-9 and wait > wait_seconds then
      verdict := 'rate';
      hit := i;
      wait_seconds := wait;
    end if;
    if p_by_answer[i] then
      answers := answers || p_buckets[i];
    end if;
  end loop;
  if verdict <> 'admitted' then
    return;
  end if;
  for i in 1 .. coalesce(array_length(p_quotas, 1), 0) loop
    insert into token_quota values (p_tenant, p_quotas[i], month, 0) on conflict do nothing;
    select used into spent from token_quota
      where tenant_id = p_tenant and name = p_quotas[i] and period = month for update;
    if spent + p_prompt > p_quota_maxima[i] then
      verdict := 'quota';
      hit := i;
      cap := p_quota_maxima[i];
      wait_seconds := galerne_until_next_period();
      return;
    end if;
  end loop;
  for state in select s.scope, s.cap_micros from spend_cap s where s.tenant_id = p_tenant
      and (s.scope, s.scope_id) in
        (('organisation', p_tenant), ('workspace', p_workspace), ('key', p_key_line)) loop
    hit := array_position(scopes, state.scope);
    caps[hit] := least(caps[hit], state.cap_micros);
  end loop;
  granted := p_want;
  for i in 1 .. 3 loop
    continue when caps[i] is null;
    capped := capped || scopes[i];
    insert into budget values (p_tenant, scopes[i], ids[i], month) on conflict do nothing;
    select b.spent_picos, b.reserved_picos into spent, reserved from budget b
      where b.tenant_id = p_tenant and b.scope = scopes[i] and b.scope_id = ids[i]
        and b.period = month
      for update;
    cap := caps[i] * 1000000;
    hit := i;
    if spent + p_need_alone > cap then
      verdict := 'cap';
      wait_seconds := galerne_until_next_period();
      return;
    end if;
    if spent + reserved + (case when reserved = 0 then p_need_alone else p_need end) > cap then
      verdict := 'reserved';
      wait_seconds := 1;
      return;
    end if;
    granted := least(granted, cap - spent - reserved);
  end loop;
  if capped = '{}' then
    granted := null;
  end if;
  for i in 1 .. coalesce(array_length(p_buckets, 1), 0) loop
    levels[i] := levels[i] - p_costs[i];
    update rate_bucket set level = levels[i], updated_at = clock_timestamp()
      where tenant_id = p_tenant and name = p_buckets[i];
  end loop;
  for i in 1 .. coalesce(array_length(p_quotas, 1), 0) loop
    update token_quota set used = used + p_prompt
      where tenant_id = p_tenant and name = p_quotas[i] and period = month;
  end loop;
  for i in 1 .. 3 loop
    continue when caps[i] is null;
    update budget b set reserved_picos = b.reserved_picos + granted
      where b.tenant_id = p_tenant and b.scope = scopes[i] and b.scope_id = ids[i]
        and b.period = month;
  end loop;
  insert into reservation (request_id, tenant_id, workspace_id, api_key_id, key_line, replica_id,
      source, prompt_tokens, reserved_picos, capped, period, token_buckets,
      token_quotas, started_at)
    values (p_request, p_tenant, p_workspace, p_key, p_key_line, p_replica, p_source,
      p_prompt, coalesce(granted, 0), capped, month, answers, p_quotas, p_started);
end $$;

create function galerne_until_next_period() returns double precision
  language sql stable
  return extract(epoch from (galerne_period() + interval '1 month') at time zone 'UTC' - now());

-- Extends the leases of many requests, in the order given. For each: what was added, and whether
-- more may come once others give back what they don't use; null where the request is gone.
create function galerne_extend(
    p_requests uuid[], p_tenants uuid[], p_plan_caps bigint[], p_key_caps bigint[], p_units bigint[], p_wants bigint[])
  returns table (request_id uuid, granted bigint, may_come boolean)
  language plpgsql as $$
declare
  r reservation;
  state record;
  available numeric;
begin
  for i in 1 .. array_length(p_requests, 1) loop
    perform set_config('galerne.tenant', p_tenants[i]::text, true);
    request_id := p_requests[i];
    granted := null;
    may_come := false;
    select * into r from reservation v where v.request_id = p_requests[i] for update;
    if found then
      granted := p_wants[i];
      may_come := true;
      for state in
          select b.spent_picos, b.reserved_picos,
            1000000::numeric * least(s.cap_micros,
              case b.scope when 'organisation' then p_plan_caps[i] when 'key' then p_key_caps[i] end)
              as cap
          from budget b left join spend_cap s
            on s.tenant_id = b.tenant_id and s.scope = b.scope and s.scope_id = b.scope_id
          where b.tenant_id = r.tenant_id and b.period = r.period and b.scope = any (r.capped)
            and b.scope_id in (r.tenant_id, r.workspace_id, r.key_line)
          order by array_position(array['organisation', 'workspace', 'key'], b.scope)
          for update of b loop
        continue when state.cap is null;
        available := state.cap - state.spent_picos - state.reserved_picos;
        -- a part of what is left, so that the last of it is shared among those in progress
        granted := floor(least(granted, available, greatest(p_units[i], available / 4)));
        may_come := may_come
          and state.cap - state.spent_picos - r.reserved_picos >= p_units[i]
          and state.reserved_picos > r.reserved_picos;
      end loop;
      if granted < p_units[i] then
        granted := 0;
      end if;
      if granted > 0 then
        update budget b set reserved_picos = b.reserved_picos + galerne_extend.granted
          where b.tenant_id = r.tenant_id and b.period = r.period and b.scope = any (r.capped)
            and b.scope_id in (r.tenant_id, r.workspace_id, r.key_line);
        update reservation v set reserved_picos = v.reserved_picos + galerne_extend.granted
          where v.request_id = r.request_id;
      end if;
    end if;
    return next;
  end loop;
end $$;

-- Ends a request's reservation in the transaction that writes its line: what it cost is spent, the
-- rest is free again. A request without a reservation spends in the present period.
create function galerne_release(
    p_request uuid, p_tenant uuid, p_workspace uuid, p_key_line uuid, p_cost numeric,
    p_completion integer)
  returns void language plpgsql as $$
declare
  scopes constant text[] := array['organisation', 'workspace', 'key'];
  ids uuid[];
  r reservation;
begin
  delete from reservation v where v.request_id = p_request returning * into r;
  if not found then
    r.period := galerne_period();
    r.reserved_picos := 0;
    r.key_line := p_key_line;
    r.capped := '{}';
  elsif p_completion > 0 then
    for i in 1 .. coalesce(array_length(r.token_buckets, 1), 0) loop
      update rate_bucket b set level = b.level - p_completion
        where b.tenant_id = p_tenant and b.name = r.token_buckets[i];
    end loop;
    for i in 1 .. coalesce(array_length(r.token_quotas, 1), 0) loop
      update token_quota q set used = q.used + p_completion
        where q.tenant_id = p_tenant and q.name = r.token_quotas[i] and q.period = r.period;
    end loop;
  end if;
  ids := array[p_tenant, p_workspace, r.key_line];
  for i in 1 .. 3 loop
    insert into budget as b values (p_tenant, scopes[i], ids[i], r.period, p_cost, 0)
    on conflict (tenant_id, scope, scope_id, period) do update
      set spent_picos = b.spent_picos + p_cost,
          reserved_picos = b.reserved_picos
            - case when scopes[i] = any (r.capped) then r.reserved_picos else 0 end;
  end loop;
end $$;

-- Gives back the reservation of a request that did not run after all, and its prompt's tokens.
create function galerne_cancel(p_request uuid, p_tenant uuid) returns void language plpgsql as $$
declare
  r reservation;
begin
  perform set_config('galerne.tenant', p_tenant::text, true);
  delete from reservation v where v.request_id = p_request returning * into r;
  if found then
    for i in 1 .. coalesce(array_length(r.token_buckets, 1), 0) loop
      update rate_bucket b set level = b.level + r.prompt_tokens
        where b.tenant_id = p_tenant and b.name = r.token_buckets[i];
    end loop;
    for i in 1 .. coalesce(array_length(r.token_quotas, 1), 0) loop
      update token_quota q set used = greatest(0, q.used - r.prompt_tokens)
        where q.tenant_id = p_tenant and q.name = r.token_quotas[i] and q.period = r.period;
    end loop;
    for i in 1 .. coalesce(array_length(r.capped, 1), 0) loop
      update budget b set reserved_picos = b.reserved_picos - r.reserved_picos
        where b.tenant_id = p_tenant and b.scope = r.capped[i] and b.period = r.period
          and b.scope_id in (r.tenant_id, r.workspace_id, r.key_line);
    end loop;
  end if;
end $$;

-- Notes what was delivered of many answers, in the order given; a request whose row is missing gets
-- one unless its line is in the ledger. For each: whether it is still to go on.
create function galerne_checkpoint(
    p_requests uuid[], p_tenants uuid[], p_workspaces uuid[], p_keys uuid[], p_lines uuid[],
    p_replica uuid, p_sources text[], p_prompts integer[], p_cached integer[], p_delivered integer[],
    p_started timestamptz[])
  returns table (request_id uuid, alive boolean)
  language plpgsql as $$
begin
  for i in 1 .. array_length(p_requests, 1) loop
    perform set_config('galerne.tenant', p_tenants[i]::text, true);
    request_id := p_requests[i];
    update reservation v set delivered_tokens = p_delivered[i], cached_prompt_tokens = p_cached[i], emitting = true
      where v.request_id = p_requests[i] and v.replica_id = p_replica;
    alive := found;
    if not alive and not exists (select from usage_event u where u.request_id = p_requests[i]) then
      insert into reservation (request_id, tenant_id, workspace_id, api_key_id, key_line,
          replica_id, source, prompt_tokens, cached_prompt_tokens,
          delivered_tokens, emitting, period, started_at)
        values (p_requests[i], p_tenants[i], p_workspaces[i], p_keys[i], p_lines[i], p_replica,
          p_sources[i], p_prompts[i], p_cached[i], p_delivered[i], true, galerne_period(), p_started[i])
        on conflict do nothing;
      alive := found;
    end if;
    return next;
  end loop;
end $$;
