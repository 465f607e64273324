-- The member whom the current transaction works for, or null: then nobody's conversations are seen.
create function galerne_chat_member() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('galerne.chat_member', true), '')::uuid;

-- The shared conversation that the current transaction reads, or null.
create function galerne_chat_share() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('galerne.chat_share', true), '')::uuid;

-- What a tenant decided about its chat. Without a row there are the defaults.
create table chat_setting (
  tenant_id uuid primary key references tenant,
  slug text unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
  name text not null check (length(name) <= 60),
  accent text check (accent ~ '^#[0-9a-f]{6}$'),
  welcome text not null check (length(welcome) <= 500),
  logo bytea check (length(logo) <= 262144),
  logo_type text check (logo_type in ('image/png', 'image/svg+xml')),
  models text[] not null,
  sealed boolean not null,
  sharing boolean not null,
  retention_days integer not null check (retention_days between 1 and 3650),
  messages_per_day bigint check (messages_per_day > 0),
  tokens_per_day bigint check (tokens_per_day > 0),
  tokens_per_month bigint check (tokens_per_month > 0),
  spend_micros_per_month bigint check (spend_micros_per_month >= 0),
  check ((logo is null) = (logo_type is null))
);

-- Caps of one member instead of those for everybody.
create table chat_member_cap (
  tenant_id uuid not null,
  member_id uuid not null,
  messages_per_day bigint check (messages_per_day > 0),
  tokens_per_day bigint check (tokens_per_day > 0),
  tokens_per_month bigint check (tokens_per_month > 0),
  spend_micros_per_month bigint check (spend_micros_per_month >= 0),
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);

-- The tenant's key for conversations, itself sealed. Without it sealed conversations are noise.
create table chat_key (
  tenant_id uuid primary key references tenant,
  sealed bytea not null
);

-- Title and system prompt are in content or, where the tenant wants that, in sealed.
create table chat_conversation (
  tenant_id uuid not null,
  id uuid not null unique,
  member_id uuid not null,
  content text check (length(content) <= 20000),
  sealed bytea check (length(sealed) <= 80000),
  model text not null check (length(model) <= 200),
  temperature double precision,
  seed bigint,
  head_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  share_id uuid unique,
  share_head_id uuid,
  shared_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id),
  check (num_nonnulls(content, sealed) = 1),
  check (num_nonnulls(share_id, share_head_id, shared_at) in (0, 3))
);
create index chat_conversation_by_member on chat_conversation (tenant_id, member_id, updated_at desc, id);

-- A tree for each conversation: an edited question and a repeated answer are siblings of the first.
create table chat_message (
  tenant_id uuid not null,
  id uuid not null unique,
  conversation_id uuid not null,
  member_id uuid not null,
  parent_id uuid,
  role text not null check (role in ('user', 'assistant', 'tool')),
  content text check (length(content) <= 400000),
  sealed bytea check (length(sealed) <= 1600000),
  state text not null,
  model text,
  temperature double precision,
  seed bigint,
  request_id uuid,
  -- what the answer may still use while it is in progress
  reserved_tokens bigint not null default 0,
  reserved_picos bigint not null default 0,
  created_at timestamptz not null,
  touched_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, conversation_id) references chat_conversation (tenant_id, id) on delete cascade,
  check (num_nonnulls(content, sealed) = 1)
);
create index chat_message_by_conversation on chat_message (tenant_id, conversation_id, created_at);
create index chat_message_in_progress on chat_message (tenant_id, member_id) where state = 'STREAMING';

do $$
declare
  chat_table text;
begin
  foreach chat_table in array array['chat_setting', 'chat_member_cap', 'chat_key',
      'chat_conversation', 'chat_message'] loop
    execute format('alter table %I enable row level security', chat_table);
    execute format('alter table %I force row level security', chat_table);
  end loop;
  foreach chat_table in array array['chat_setting', 'chat_member_cap', 'chat_key'] loop
    execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', chat_table);
  end loop;
  -- Within a tenant a conversation is its member's alone.
  foreach chat_table in array array['chat_conversation', 'chat_message'] loop
    execute format('create policy own_rows on %I
      using (tenant_id = galerne_tenant() and member_id = galerne_chat_member())', chat_table);
  -- Whoever takes old conversations away, or seals them, works within one tenant.
    execute format('create policy kept on %I using (tenant_id = galerne_tenant()
      and current_setting(''galerne.chat_keeper'', true) = ''on'')', chat_table);
  end loop;
end
$$;

-- A colleague reads what was shared, and changes nothing.
create policy shared on chat_conversation for select
  using (tenant_id = galerne_tenant() and share_id = galerne_chat_share());
create policy shared on chat_message for select
  using (tenant_id = galerne_tenant() and exists (select from chat_conversation c
    where c.tenant_id = chat_message.tenant_id and c.id = chat_message.conversation_id
      and c.share_id = galerne_chat_share()));

-- The keeper looks for tenants with conversations, and the rotation of keys for keys.
create policy seen_by_keeper on chat_conversation for select
  using (current_setting('galerne.chat_keeper', true) = 'on');
create policy seen_by_keeper on chat_key for select
  using (current_setting('galerne.chat_keeper', true) = 'on');

grant select, insert, update, delete on chat_setting, chat_member_cap, chat_key,
  chat_conversation, chat_message to galerne_app;
