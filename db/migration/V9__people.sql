-- How a member proves who they are. The version counts up with every change of the credentials;
-- sessions of an older version are over.
create table person_credential (
  tenant_id uuid not null,
  member_id uuid not null,
  version integer not null default 0,
  password_hash text check (length(password_hash) <= 500),
  password_set_at timestamptz,
  totp_secret bytea, -- sealed
  totp_confirmed_at timestamptz,
  totp_last_step bigint not null default 0, -- codes up to this step of time are used up
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

create table recovery_code (
  tenant_id uuid not null,
  member_id uuid not null,
  code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
  primary key (tenant_id, member_id, code_hash),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

-- Signs a member in once, or lets them set a password.
create table sign_in_link (
  tenant_id uuid not null,
  id uuid not null unique,
  member_id uuid not null,
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

-- Members of a tenant who operate the platform as well.
create table platform_operator (
  tenant_id uuid not null,
  member_id uuid not null,
  appointed_at timestamptz not null,
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

-- A key that nobody holds: what a person uses in the pages is counted and capped under it.
alter table api_key
  add column person_id uuid,
  add foreign key (tenant_id, person_id) references member (tenant_id, id);
create unique index api_key_of_person on api_key (tenant_id, person_id, workspace_id)
  where person_id is not null and revoked_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['person_credential', 'recovery_code', 'sign_in_link',
      'platform_operator'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', tenant_table);
  end loop;
end
$$;

-- Who signs in names an address or presents a link before their tenant is known.
create policy named_at_sign_in on member for select
  using (removed_at is null and email = current_setting('galerne.sign_in_email', true));
create policy presented_token on sign_in_link for select
  using (token_hash = current_setting('galerne.key_hash', true));
create index member_by_address on member (email) where removed_at is null;

-- Attempts to prove something, counted over a window of time. Names are hashes: nobody reads
-- addresses here.
create table sign_in_attempt (
  name text primary key check (name ~ '^[0-9a-f]{64}$'),
  attempts integer not null,
  until timestamptz not null
);
create index sign_in_attempt_by_end on sign_in_attempt (until);

-- Sessions of people, as Spring Session wants them.
create table spring_session (
  primary_id char(36) primary key,
  session_id char(36) not null unique,
  creation_time bigint not null,
  last_access_time bigint not null,
  max_inactive_interval int not null,
  expiry_time bigint not null,
  principal_name varchar(100)
);
create index spring_session_by_expiry on spring_session (expiry_time);
create index spring_session_by_principal on spring_session (principal_name);

create table spring_session_attributes (
  session_primary_id char(36) not null references spring_session on delete cascade,
  attribute_name varchar(200) not null,
  attribute_bytes bytea not null,
  primary key (session_primary_id, attribute_name)
);

grant select, insert, update on person_credential, sign_in_link to galerne_app;
grant select, insert, delete on recovery_code, platform_operator to galerne_app;
grant select, insert, update, delete on sign_in_attempt, spring_session, spring_session_attributes
  to galerne_app;
