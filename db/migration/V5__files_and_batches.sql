-- A file is written in pieces and is there for others once it is ready. One that was given up
-- expires like any other.
create table stored_file (
  tenant_id uuid not null,
  id uuid not null unique,
  workspace_id uuid not null,
  api_key_id uuid not null,
  filename text not null check (length(filename) between 1 and 255),
  sample_type text not null,
  visibility text not null,
  mimetype text not null check (length(mimetype) between 1 and 255),
  bytes bigint not null default 0 check (bytes >= 0),
  line_count integer check (line_count >= 0),
  signature text,
  link_secret bytea not null,
  ready boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id)
);

create index stored_file_by_time on stored_file (tenant_id, workspace_id, created_at);
create index stored_file_by_expiry on stored_file (expires_at);

create table stored_file_chunk (
  tenant_id uuid not null,
  file_id uuid not null,
  position integer not null check (position >= 0),
  content bytea not null,
  primary key (tenant_id, file_id, position),
  foreign key (tenant_id, file_id) references stored_file (tenant_id, id) on delete cascade
);

create table batch_job (
  tenant_id uuid not null,
  id uuid not null unique,
  workspace_id uuid not null,
  api_key_id uuid not null,
  endpoint text not null,
  model text,
  metadata jsonb,
  input_files uuid[] not null,
  status text not null check (status in ('QUEUED', 'RUNNING', 'SUCCESS', 'FAILED', 'TIMEOUT_EXCEEDED',
    'CANCELLATION_REQUESTED', 'CANCELLED')),
  total integer not null default 0 check (total >= 0),
  succeeded integer not null default 0,
  failed integer not null default 0 check (succeeded + failed <= total),
  output_file uuid,
  error_file uuid,
  errors jsonb not null default '[]',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz,
  deadline timestamptz not null,
  expires_at timestamptz, -- null until it has ended
  primary key (tenant_id, id),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id)
);

create index batch_job_by_time on batch_job (tenant_id, workspace_id, created_at);
create index batch_job_by_expiry on batch_job (expires_at);

-- One request of a job. Its request id is the identity of its line in the ledger, whoever computes
-- it and however often. Lines go when their job has ended: then the answers are in its files.
create table batch_line (
  tenant_id uuid not null,
  job_id uuid not null,
  line integer not null check (line > 0),
  custom_id text check (length(custom_id) between 1 and 512),
  request_id uuid not null,
  body text not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED')),
  owner uuid, -- the process that works on it
  lease_until timestamptz, -- when another may take it over
  attempts integer not null default 0,
  not_before timestamptz,
  status_code integer,
  answer text,
  primary key (tenant_id, job_id, line),
  unique (tenant_id, job_id, custom_id),
  foreign key (tenant_id, job_id) references batch_job (tenant_id, id) on delete cascade,
  check ((state = 'RUNNING') = (owner is not null)),
  check ((state in ('SUCCEEDED', 'FAILED')) = (answer is not null))
);

create index batch_line_open on batch_line (tenant_id, job_id, line) where state in ('PENDING', 'RUNNING');

-- Jobs that have not ended, and nothing of what is in them: processes look here for work.
create table batch_queue (
  tenant_id uuid not null,
  job_id uuid not null,
  created_at timestamptz not null default now(),
  deadline timestamptz not null,
  stop boolean not null default false,
  primary key (tenant_id, job_id),
  foreign key (tenant_id, job_id) references batch_job (tenant_id, id) on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['stored_file', 'stored_file_chunk', 'batch_job', 'batch_line', 'batch_queue'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_rows on %I using (tenant_id = galerne_tenant())', name);
    execute format('grant select, insert, update, delete on %I to galerne_app', name);
  end loop;
end
$$;

-- A signed link names no tenant: whoever presents the file's id sees that one row, and with it the
-- secret that the link has to be signed with.
create policy presented_link on stored_file for select
  using (id = nullif(current_setting('galerne.file_link', true), '')::uuid);

-- Work is looked for, and what has expired is deleted, before any tenant is known.
create policy work on batch_queue for select using (current_setting('galerne.batch_work', true) = 'on');
create policy expired_seen on stored_file for select
  using (expires_at <= now() and current_setting('galerne.expiry', true) = 'on');
create policy expired_deleted on stored_file for delete
  using (expires_at <= now() and current_setting('galerne.expiry', true) = 'on');
create policy expired_seen on batch_job for select
  using (expires_at <= now() and current_setting('galerne.expiry', true) = 'on');
create policy expired_deleted on batch_job for delete
  using (expires_at <= now() and current_setting('galerne.expiry', true) = 'on');
