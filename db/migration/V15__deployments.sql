create table deployment (
  tenant_id uuid not null references tenant,
  id uuid not null unique,
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  spec jsonb not null,
  -- of the backend, sealed
  credential bytea,
  revision integer not null default 1 check (revision > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
);

-- One row for each replica that has the deployment; also for those that only a file names.
create table deployment_state (
  tenant_id uuid not null references tenant,
  deployment_id uuid not null,
  replica_id uuid not null,
  revision integer not null,
  phase text not null
    check (phase in ('PENDING', 'LOADING', 'READY', 'DRAINING', 'STOPPED', 'FAILED')),
  reason text not null check (length(reason) <= 2000),
  percent integer not null check (percent between 0 and 100),
  at timestamptz not null,
  primary key (tenant_id, deployment_id, replica_id)
);

alter table deployment enable row level security;
alter table deployment force row level security;
create policy own_rows on deployment using (tenant_id = galerne_tenant());
-- Replicas read what they are to bring up; they write as the tenant.
create policy replicas_read on deployment for select
  using (current_setting('galerne.deployments', true) = 'on');
alter table deployment_state enable row level security;
alter table deployment_state force row level security;
create policy own_rows on deployment_state using (tenant_id = galerne_tenant());

grant select, insert, update, delete on deployment to galerne_app;
grant select, insert, update, delete on deployment_state to galerne_app;
