-- The tenant of the current transaction, or null: then row level security shows nothing.
create function galerne_tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('galerne.tenant', true), '')::uuid;

create table tenant (
  tenant_id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  version integer not null
);

create table workspace (
  tenant_id uuid not null references tenant,
  id uuid not null unique,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  version integer not null,
  primary key (tenant_id, id)
);

create table api_key (
  tenant_id uuid not null,
  id uuid not null unique,
  workspace_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  display text not null,
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  version integer not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id)
);

create index api_key_by_workspace on api_key (tenant_id, workspace_id);

alter table tenant enable row level security;
alter table tenant force row level security;
create policy own_rows on tenant using (tenant_id = galerne_tenant());

alter table workspace enable row level security;
alter table workspace force row level security;
create policy own_rows on workspace using (tenant_id = galerne_tenant());

alter table api_key enable row level security;
alter table api_key force row level security;
create policy own_rows on api_key using (tenant_id = galerne_tenant());
-- A key is looked up before its tenant is known: whoever presents the hash sees that one row.
create policy presented_key on api_key for select
  using (key_hash = current_setting('galerne.key_hash', true));

grant select, insert, update on tenant, workspace, api_key to galerne_app;
