-- Prices: a row is one version of one model's price, for good. Rates are micro-units of the
-- installation's currency per million tokens, so a token costs a whole number of 1e-12 units.
create table price (
  version bigint generated always as identity primary key,
  model text not null check (length(model) between 1 and 128),
  input bigint not null check (input between 0 and 1000000000),
  cached_input bigint not null check (cached_input between 0 and 1000000000),
  output bigint not null check (output between 0 and 1000000000),
  batch_input bigint not null check (batch_input between 0 and 1000000000),
  batch_cached_input bigint not null check (batch_cached_input between 0 and 1000000000),
  batch_output bigint not null check (batch_output between 0 and 1000000000),
  effective_from timestamptz not null,
  origin text not null check (origin in ('config', 'api')),
  created_at timestamptz not null default now()
);

create index price_by_model on price (model, effective_from, version);
grant select, insert on price to galerne_app;

-- The ledger, now in partitions by the month in which a request began: that month is as much part
-- of a request as its id, so the key still admits each request once.
alter table usage_event no force row level security;
alter table usage_event rename to usage_event_v2;
alter index usage_event_by_time rename to usage_event_v2_by_time;

-- Order of the ledger's lines. Closing an invoice takes a number after all lines before it have
-- been committed and before any later line is numbered.
create sequence ledger_number;
grant usage on sequence ledger_number to galerne_app;

create table usage_event (
  request_id uuid not null,
  started_month date not null,
  number bigint not null,
  tenant_id uuid not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  service text not null,
  service_class text not null check (service_class in ('REALTIME', 'BATCH')),
  stream boolean not null,
  model text not null,
  priced_as text not null,
  price_version bigint references price,
  weights_digest text not null,
  policy_version text,
  prompt_tokens integer not null check (prompt_tokens >= 0),
  cached_prompt_tokens integer not null check (cached_prompt_tokens between 0 and prompt_tokens),
  completion_tokens integer not null check (completion_tokens >= 0),
  cost_picos bigint not null check (cost_picos >= 0),
  cost_micros bigint not null check (cost_micros >= 0),
  outcome text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  -- the day (UTC) that the use counts for
  usage_day date not null,
  recorded_at timestamptz not null default now(),
  primary key (request_id, started_month),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id),
  foreign key (tenant_id, api_key_id) references api_key (tenant_id, id)
) partition by range (started_month);

create index usage_event_by_day on usage_event (tenant_id, usage_day, number);
create index usage_event_by_number on usage_event (tenant_id, number);

create table usage_event_other partition of usage_event default;

alter table usage_event enable row level security;
create policy own_rows on usage_event using (tenant_id = galerne_tenant());
alter table usage_event_other enable row level security;
create policy own_rows on usage_event_other using (tenant_id = galerne_tenant());

-- Append-only: the runtime role can add lines and read them, and nothing else. It reaches the
-- partitions through the table only.
grant select, insert on usage_event to galerne_app;

-- Sums of the ledger, kept in the transaction of each line.
create table usage_daily (
  tenant_id uuid not null,
  day date not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  model text not null,
  service text not null,
  service_class text not null,
  price_version bigint not null, -- 0 where there was no price
  requests bigint not null,
  prompt_tokens bigint not null,
  cached_prompt_tokens bigint not null,
  completion_tokens bigint not null,
  cost_picos numeric(38) not null,
  primary key (tenant_id, day, workspace_id, api_key_id, model, service, service_class, price_version)
);

alter table usage_daily enable row level security;
create policy own_rows on usage_daily using (tenant_id = galerne_tenant());
grant select, insert, update on usage_daily to galerne_app;

insert into usage_event (request_id, started_month, number, tenant_id, workspace_id, api_key_id,
    service, service_class, stream, model, priced_as, weights_digest, prompt_tokens,
    cached_prompt_tokens, completion_tokens, cost_picos, cost_micros, outcome, started_at, ended_at,
    usage_day, recorded_at)
select request_id, date_trunc('month', started_at at time zone 'UTC')::date,
    nextval('ledger_number'), tenant_id, workspace_id, api_key_id, 'CHAT', 'REALTIME', false, model,
    model, weights_digest, prompt_tokens, 0, completion_tokens, 0, 0, outcome, started_at, ended_at,
    (recorded_at at time zone 'UTC')::date, recorded_at
from usage_event_v2
order by recorded_at;

insert into usage_daily
select tenant_id, usage_day, workspace_id, api_key_id, model, service, service_class, 0, count(*),
    sum(prompt_tokens), 0, sum(completion_tokens), 0
from usage_event
group by 1, 2, 3, 4, 5, 6, 7;

drop table usage_event_v2;

-- Only now: the owner, whom FORCE binds as well, could not have copied what tenants already used.
alter table usage_event force row level security;
alter table usage_event_other force row level security;
alter table usage_daily force row level security;

-- Whoever closes invoices looks for tenants with use to bill before working for each of them.
create policy seen_by_billing on usage_daily for select
  using (current_setting('galerne.billing', true) = 'on');

-- Money that is owed or given back beside use, once and for good: a mistake is corrected by another.
create table billing_correction (
  tenant_id uuid not null references tenant,
  id uuid not null,
  number bigint not null,
  workspace_id uuid,
  request_id uuid,
  period date, -- of the invoice that it corrects
  amount_micros bigint not null check (amount_micros <> 0),
  reason text not null check (length(reason) between 1 and 500),
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create index billing_correction_by_number on billing_correction (tenant_id, number);
alter table billing_correction enable row level security;
alter table billing_correction force row level security;
create policy own_rows on billing_correction using (tenant_id = galerne_tenant());
create policy seen_by_billing on billing_correction for select
  using (current_setting('galerne.billing', true) = 'on');
grant select, insert on billing_correction to galerne_app;

-- A closed invoice: the bytes that were sent out, and their digest. It covers lines of days before
-- the end of its period with numbers before its cutoff, unless an earlier invoice covers them.
create table invoice (
  tenant_id uuid not null references tenant,
  period date not null check (extract(day from period) = 1),
  cutoff bigint not null,
  total_micros bigint not null,
  currency text not null,
  document bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  closed_at timestamptz not null,
  primary key (tenant_id, period)
);

alter table invoice enable row level security;
alter table invoice force row level security;
create policy own_rows on invoice using (tenant_id = galerne_tenant());
grant select, insert on invoice to galerne_app;

-- Lines of the ledger on their way to another billing system; there only while it is not told.
create table usage_export (
  singleton boolean primary key default true check (singleton),
  enabled boolean not null,
  sequence bigint not null -- of the last event that was given one: no gaps
);
insert into usage_export (enabled, sequence) values (false, 0);
grant select, update on usage_export to galerne_app;

create table usage_outbox (
  tenant_id uuid not null,
  number bigint not null,
  identifier uuid not null,
  event jsonb not null,
  sequence bigint unique,
  attempts integer not null default 0,
  refused text, -- why the receiver will never take it
  primary key (tenant_id, number)
);

create index usage_outbox_by_sequence on usage_outbox (sequence nulls last, number)
  where refused is null;
alter table usage_outbox enable row level security;
alter table usage_outbox force row level security;
create policy own_rows on usage_outbox using (tenant_id = galerne_tenant());
create policy seen_by_export on usage_outbox
  using (current_setting('galerne.usage_export', true) = 'on');
grant select, insert, update, delete on usage_outbox to galerne_app;

create function note_usage_for_export() returns trigger
  language plpgsql
  as $$
begin
  if (select enabled from usage_export) then
    insert into usage_outbox (tenant_id, number, identifier, event)
    values (new.tenant_id, new.number, new.request_id, jsonb_build_object(
      'timestamp', to_char(new.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'workspace_id', new.workspace_id, 'api_key_id', new.api_key_id, 'service', new.service,
      'service_class', new.service_class, 'model', new.model, 'price_version', new.price_version,
      'prompt_tokens', new.prompt_tokens, 'cached_prompt_tokens', new.cached_prompt_tokens,
      'completion_tokens', new.completion_tokens, 'cost_micros', new.cost_micros,
      'cost_picos', new.cost_picos));
  end if;
  return null;
end
$$;

create trigger usage_for_export after insert on usage_event
  for each row execute function note_usage_for_export();
