-- Operators see of tenants, beside names and plans, who else operates the platform and what each
-- organisation spends as a whole; what its workspaces and keys spend stays with it.
create policy operator_reads on platform_operator for select
  using (current_setting('galerne.operator', true) = 'on');
create policy operator_reads on budget for select
  using (scope = 'organisation' and current_setting('galerne.operator', true) = 'on');
create index tenant_by_time on tenant (created_at, tenant_id);

-- The policy that no tenant can lower, as operators publish it; beside the one of the configuration.
create table moderation_floor (
  version integer primary key check (version > 0),
  content text not null check (length(content) <= 1000000),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  published_by uuid,
  published_at timestamptz not null
);

-- Which version is in force; null for none.
create table moderation_floor_choice (
  single boolean primary key default true check (single),
  version integer references moderation_floor,
  chosen_at timestamptz not null default now()
);
insert into moderation_floor_choice (version) values (null);

grant select, insert on moderation_floor to galerne_app;
grant select, update on moderation_floor_choice to galerne_app;
