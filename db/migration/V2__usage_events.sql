create table usage_event (
  request_id uuid primary key,
  tenant_id uuid not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  model text not null,
  weights_digest text not null,
  prompt_tokens integer not null check (prompt_tokens >= 0),
  completion_tokens integer not null check (completion_tokens >= 0),
  outcome text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  foreign key (tenant_id, workspace_id) references workspace (tenant_id, id),
  foreign key (tenant_id, api_key_id) references api_key (tenant_id, id)
);

create index usage_event_by_time on usage_event (tenant_id, recorded_at);

alter table usage_event enable row level security;
alter table usage_event force row level security;
create policy own_rows on usage_event using (tenant_id = galerne_tenant());

-- Append-only: the runtime role can add lines and read them, and nothing else.
grant select, insert on usage_event to galerne_app;
