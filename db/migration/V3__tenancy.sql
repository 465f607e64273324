alter table tenant
  add column plan text not null default 'standard' check (plan ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  add column suspended_at timestamptz,
  add column key_days_max integer check (key_days_max between 1 and 3650);

-- The platform's operator lists tenants, and sees nothing within them.
create policy operator_reads on tenant for select
  using (current_setting('galerne.operator', true) = 'on');

alter table workspace
  drop constraint workspace_name_check,
  add constraint workspace_name_check check (length(name) between 1 and 255),
  add column description text not null default '' check (length(description) <= 255),
  add column icon text not null default '' check (length(icon) <= 16),
  add column is_default boolean not null default false,
  add column archived_at timestamptz,
  add column key_days_max integer check (key_days_max between 1 and 3650);

create table member (
  tenant_id uuid not null references tenant,
  id uuid not null unique,
  email text not null check (email = lower(email) and length(email) between 3 and 255),
  first_name text not null check (length(first_name) <= 255),
  last_name text not null check (length(last_name) <= 255),
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant_id, id)
);

create unique index member_by_email on member (tenant_id, email) where removed_at is null;

create table member_role (
  tenant_id uuid not null,
  member_id uuid not null,
  role text not null,
  primary key (tenant_id, member_id, role),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

create table workspace_role (
  tenant_id uuid not null,
  workspace_id uuid not null,
  member_id uuid not null,
  role text not null,
  primary key (tenant_id, workspace_id, member_id, role),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

create index workspace_role_by_member on workspace_role (tenant_id, member_id);

create table invitation (
  tenant_id uuid not null references tenant,
  id uuid not null unique,
  email text not null check (email = lower(email) and length(email) between 3 and 255),
  roles text[] not null,
  workspace_ids uuid[] not null default '{}',
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id)
);

create unique index invitation_by_email on invitation (tenant_id, email)
  where accepted_at is null and revoked_at is null;

-- Keys of the Admin API: each acts with the roles that its member has at that moment.
create table admin_key (
  tenant_id uuid not null,
  id uuid not null unique,
  member_id uuid not null,
  name text not null check (length(name) <= 255),
  display text not null,
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

-- Keys of the platform's operator, who is a member of no tenant.
create table operator_key (
  id uuid primary key,
  name text not null,
  display text not null,
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- Empty lists of scopes and networks allow everything; absent caps cap nothing. What a key used
-- counts against its line, so that rotating a key does not refill its caps.
alter table api_key
  drop constraint api_key_name_check,
  add constraint api_key_name_check check (length(name) <= 255),
  add column created_by uuid,
  add column models text[] not null default '{}',
  add column endpoints text[] not null default '{}',
  add column networks text[] not null default '{}',
  add column requests_per_second integer check (requests_per_second > 0),
  add column tokens_per_minute bigint check (tokens_per_minute > 0),
  add column tokens_per_month bigint check (tokens_per_month > 0),
  add column monthly_spend_micros bigint check (monthly_spend_micros >= 0),
  add column line_id uuid,
  add column rotated_from uuid,
  add foreign key (tenant_id, created_by) references member (tenant_id, id),
  add foreign key (tenant_id, rotated_from) references api_key (tenant_id, id);

update api_key set line_id = id;

create table audit_event (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  id uuid not null unique,
  at timestamptz not null,
  actor_kind text not null,
  actor_id uuid,
  action text not null,
  target_type text not null,
  target_id text,
  workspace_id uuid,
  details jsonb not null default '{}',
  request_id uuid,
  address inet,
  primary key (tenant_id, seq)
);

create index audit_event_by_time on audit_event (tenant_id, at);

-- Where each tenant's trail ends; its lock puts the tenant's changes into one order.
create table audit_head (
  tenant_id uuid primary key,
  seq bigint not null
);

-- Answers to repeat when a request comes again with its Idempotency-Key.
create table idempotency_record (
  tenant_id uuid not null,
  credential_id uuid not null,
  route text not null check (length(route) <= 300),
  key_hash text not null check (key_hash ~ '^[0-9a-f]{64}$'),
  request_hash text not null check (request_hash ~ '^[0-9a-f]{64}$'),
  attempt uuid not null,
  started_at timestamptz not null,
  answer bytea,
  answered_at timestamptz,
  expires_at timestamptz not null,
  primary key (tenant_id, credential_id, route, key_hash)
);

create index idempotency_record_by_expiry on idempotency_record (expires_at);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['member', 'member_role', 'workspace_role', 'invitation',
      'admin_key', 'audit_event', 'audit_head', 'idempotency_record'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', tenant_table);
  end loop;
end
$$;

-- Credentials are looked up before their tenant is known: whoever presents the hash sees that row.
create policy presented_key on admin_key for select
  using (key_hash = current_setting('galerne.key_hash', true));
create policy presented_token on invitation for select
  using (token_hash = current_setting('galerne.key_hash', true));
-- The sweeper works for all tenants, on rows whose time is over.
create policy expired_seen on idempotency_record for select
  using (current_setting('galerne.sweeper', true) = 'on' and expires_at < now());
create policy expired_swept on idempotency_record for delete
  using (current_setting('galerne.sweeper', true) = 'on' and expires_at < now());

grant select, insert, update on member, invitation, admin_key, operator_key to galerne_app;
grant select, insert, delete on member_role, workspace_role to galerne_app;
grant select, insert, update, delete on idempotency_record to galerne_app;
grant select, insert, update on audit_head to galerne_app;
-- Append-only, as the ledger is.
grant select, insert on audit_event to galerne_app;

-- Instances remember checked keys. A change to what decides about a key counts the epoch up and
-- tells who listens; who missed it sees the epoch. Deferred to the commit: the counter's lock is
-- the last one a transaction takes, so it can't be part of a deadlock, and numbers are in the order
-- of commits.
create table credential_epoch (
  single boolean primary key default true check (single),
  epoch bigint not null
);
insert into credential_epoch (epoch) values (0);
grant select, update on credential_epoch to galerne_app;

create function note_credential_change() returns trigger
  language plpgsql
  as $$
declare
  counted bigint;
begin
  update credential_epoch set epoch = epoch + 1 returning epoch into counted;
  perform pg_notify('galerne_credentials', counted || ' ' || new.tenant_id);
  return null;
end
$$;

create constraint trigger credential_change after update on tenant
  deferrable initially deferred for each row
  when (old.suspended_at is distinct from new.suspended_at)
  execute function note_credential_change();

create constraint trigger credential_change after update on workspace
  deferrable initially deferred for each row
  when (old.archived_at is distinct from new.archived_at)
  execute function note_credential_change();

create constraint trigger credential_change after update on api_key
  deferrable initially deferred for each row
  when (
    (old.revoked_at, old.expires_at, old.models, old.endpoints, old.networks,
     old.requests_per_second, old.tokens_per_minute, old.tokens_per_month, old.monthly_spend_micros)
    is distinct from
    (new.revoked_at, new.expires_at, new.models, new.endpoints, new.networks,
     new.requests_per_second, new.tokens_per_minute, new.tokens_per_month, new.monthly_spend_micros))
  execute function note_credential_change();
