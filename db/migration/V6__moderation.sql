create table moderation_policy (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'key', 'model')),
  -- the workspace's or key's id, or the model's name; empty for the organisation
  scope_value text not null check (length(scope_value) <= 200),
  draft text check (length(draft) <= 1000000),
  -- the version in force, or null for none
  active_version integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, name),
  foreign key (tenant_id) references tenant (tenant_id)
);

create table moderation_policy_version (
  tenant_id uuid not null,
  policy_id uuid not null,
  number integer not null check (number > 0),
  content text not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  published_by uuid not null,
  published_at timestamptz not null,
  primary key (tenant_id, policy_id, number),
  foreign key (tenant_id, policy_id) references moderation_policy (tenant_id, id)
);

create table moderation_decision (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  model text not null,
  stage text not null check (stage in ('input', 'output')),
  policy_version text not null,
  rule_id text not null,
  detector text not null,
  category text not null,
  score real not null,
  span_start integer not null,
  span_end integer not null,
  action text not null,
  failure text not null,
  decided_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id)
);

create index moderation_decision_by_time on moderation_decision (tenant_id, decided_at);
create index moderation_decision_by_request on moderation_decision (tenant_id, request_id);
create index moderation_decision_by_expiry on moderation_decision (tenant_id, expires_at);

-- Texts that a tenant opted into keeping, for dry runs.
create table moderation_sample (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  stage text not null check (stage in ('input', 'output')),
  content text not null check (length(content) <= 100000),
  recorded_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id)
);

create index moderation_sample_by_time on moderation_sample (tenant_id, recorded_at);

alter table moderation_policy enable row level security;
alter table moderation_policy force row level security;
create policy own_rows on moderation_policy using (tenant_id = galerne_tenant());
alter table moderation_policy_version enable row level security;
alter table moderation_policy_version force row level security;
create policy own_rows on moderation_policy_version using (tenant_id = galerne_tenant());
alter table moderation_decision enable row level security;
alter table moderation_decision force row level security;
create policy own_rows on moderation_decision using (tenant_id = galerne_tenant());
alter table moderation_sample enable row level security;
alter table moderation_sample force row level security;
create policy own_rows on moderation_sample using (tenant_id = galerne_tenant());

grant select, insert, update on moderation_policy to galerne_app;
-- Published versions and decisions stay as they are; what has expired goes.
grant select, insert on moderation_policy_version to galerne_app;
grant select, insert, delete on moderation_decision to galerne_app;
grant select, insert, delete on moderation_sample to galerne_app;
