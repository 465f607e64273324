-- Sums of the ledger without keys and with outcomes: what pages and open invoices read. A tenant
-- with ten thousand keys has as many rows of a day in usage_daily, and a few here.
create table usage_by_model (
  tenant_id uuid not null,
  day date not null,
  workspace_id uuid not null,
  model text not null,
  service text not null,
  service_class text not null,
  price_version bigint not null, -- 0 where there was no price
  outcome text not null,
  requests bigint not null,
  prompt_tokens bigint not null,
  cached_prompt_tokens bigint not null,
  completion_tokens bigint not null,
  cost_picos numeric(38) not null,
  primary key (tenant_id, day, workspace_id, model, service, service_class, price_version, outcome)
);

-- By a trigger, so that replicas of the version before keep the sums too while they still run.
create function sum_usage_by_model() returns trigger
  language plpgsql
  as $$
begin
  insert into usage_by_model as sums
  select tenant_id, usage_day, workspace_id, model, service, service_class,
      coalesce(price_version, 0), outcome, count(*), sum(prompt_tokens), sum(cached_prompt_tokens),
      sum(completion_tokens), sum(cost_picos)
  from added
  group by 1, 2, 3, 4, 5, 6, 7, 8
  order by 1, 2, 3, 4, 5, 6, 7, 8
  on conflict (tenant_id, day, workspace_id, model, service, service_class, price_version, outcome)
  do update set requests = sums.requests + excluded.requests,
      prompt_tokens = sums.prompt_tokens + excluded.prompt_tokens,
      cached_prompt_tokens = sums.cached_prompt_tokens + excluded.cached_prompt_tokens,
      completion_tokens = sums.completion_tokens + excluded.completion_tokens,
      cost_picos = sums.cost_picos + excluded.cost_picos;
  return null;
end
$$;

create trigger usage_by_model after insert on usage_event
  referencing new table as added
  for each statement execute function sum_usage_by_model();

-- FORCE binds the owner as well, who has to read what tenants already used.
alter table usage_event no force row level security;

insert into usage_by_model
select tenant_id, usage_day, workspace_id, model, service, service_class,
    coalesce(price_version, 0), outcome, count(*), sum(prompt_tokens), sum(cached_prompt_tokens),
    sum(completion_tokens), sum(cost_picos)
from usage_event
group by 1, 2, 3, 4, 5, 6, 7, 8;

alter table usage_event force row level security;

alter table usage_by_model enable row level security;
alter table usage_by_model force row level security;
create policy own_rows on usage_by_model using (tenant_id = galerne_tenant());
grant select, insert, update on usage_by_model to galerne_app;

-- What is running is asked for every few seconds.
create index usage_event_by_end on usage_event (tenant_id, ended_at);

-- In a subselect the tenant is read once for a query, not for each of half a million rows.
alter policy own_rows on usage_event using (tenant_id = (select galerne_tenant()));
alter policy own_rows on usage_daily using (tenant_id = (select galerne_tenant()));
alter policy seen_by_billing on usage_daily
  using ((select current_setting('galerne.billing', true)) = 'on');

-- Who comes to a chat's own path is not signed in yet: whoever names the path sees that one row.
create policy named_path on chat_setting for select
  using (slug = nullif(current_setting('galerne.chat_slug', true), ''));
