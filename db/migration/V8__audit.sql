-- The trail proves itself: each row's hash covers the row and the hash before it. What is hashed is
-- the text that is stored, so details keep theirs.
alter table audit_event alter column details drop default;
alter table audit_event alter column details type text using details::text;
alter table audit_event alter column address type text using host(address);
alter table audit_event add column hash bytea;
alter table audit_head add column hash bytea;
-- Rows up to here are from before the chain.
alter table audit_head add column unchained bigint not null default 0;
alter table audit_head no force row level security;
update audit_head set unchained = seq, hash = sha256('galerne-audit-start'::bytea);
alter table audit_head force row level security;
alter table audit_event add check (hash is null or length(hash) = 32);

-- Where the trail stood, signed. Rows before a checkpoint may be pruned when their time is over.
create table audit_checkpoint (
  tenant_id uuid not null,
  seq bigint not null,
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  public_key text not null,
  signature text not null,
  primary key (tenant_id, seq)
);

-- What a tenant decided about its records.
create table audit_setting (
  tenant_id uuid primary key,
  retention_days integer not null check (retention_days between 183 and 36500),
  keep_content boolean not null
);

-- Which answer was given to which request: one row each, chained like the trail.
create table answer_record (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  request_id uuid not null,
  at timestamptz not null,
  record text not null, -- JSON, as it was hashed
  hash bytea not null check (length(hash) = 32),
  primary key (tenant_id, seq)
);
create unique index answer_record_by_request on answer_record (tenant_id, request_id);

create table answer_head (
  tenant_id uuid primary key,
  seq bigint not null,
  hash bytea not null
);

create table answer_checkpoint (like audit_checkpoint including all);

-- Content, for tenants that want it kept, sealed under the tenant's key. Without the key it is noise.
create table answer_content (
  tenant_id uuid not null,
  request_id uuid not null,
  at timestamptz not null,
  sealed bytea not null,
  primary key (tenant_id, request_id)
);
create table content_key (
  tenant_id uuid primary key,
  sealed bytea not null
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['audit_checkpoint', 'audit_setting', 'answer_record',
      'answer_head', 'answer_checkpoint', 'answer_content', 'content_key'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', tenant_table);
  end loop;
  foreach tenant_table in array array['audit_head', 'answer_head', 'audit_setting', 'content_key'] loop
    execute format('create policy seen_by_keeper on %I for select
      using (current_setting(''galerne.audit_keeper'', true) = ''on'')', tenant_table);
  end loop;
end
$$;

grant select, insert on audit_checkpoint, answer_record, answer_checkpoint to galerne_app;
grant select, insert, update on audit_setting, answer_head to galerne_app;
grant select, insert, delete on answer_content to galerne_app;
grant select, insert, update, delete on content_key to galerne_app;

-- The only way for rows to go: with a checkpoint that the rest goes on from, and never before half a
-- year. Runs as the owner, whom row level security binds to the transaction's tenant.
create function audit_prune(p_upto bigint) returns bigint
  language plpgsql security definer set search_path from current
  as $$
declare
  pruned bigint;
begin
  if not exists (select from audit_checkpoint where seq = p_upto) then
    raise exception 'no checkpoint at %', p_upto;
  end if;
  if exists (select from audit_event where seq <= p_upto and at > now() - interval '183 days') then
    raise exception 'rows of the last 183 days stay';
  end if;
  delete from audit_event where seq <= p_upto;
  get diagnostics pruned = row_count;
  return pruned;
end
$$;
create function answer_prune(p_upto bigint) returns bigint
  language plpgsql security definer set search_path from current
  as $$
declare
  pruned bigint;
begin
  if not exists (select from answer_checkpoint where seq = p_upto) then
    raise exception 'no checkpoint at %', p_upto;
  end if;
  if exists (select from answer_record where seq <= p_upto and at > now() - interval '183 days') then
    raise exception 'rows of the last 183 days stay';
  end if;
  delete from answer_record where seq <= p_upto;
  get diagnostics pruned = row_count;
  return pruned;
end
$$;
revoke all on function audit_prune, answer_prune from public;
grant execute on function audit_prune, answer_prune to galerne_app;
