-- Adds a row to a tenant's chain of answers in one round trip, within the transaction that writes
-- the request's line. The bytes that are hashed are made by the caller; what only the database
-- knows, the hash before and the number, goes in between. Returns whether the tenant wants content
-- kept, null if the request has its record already.
create function galerne_answer_record(
    p_tenant uuid, p_request uuid, p_at timestamptz, p_record text, p_start bytea,
    p_before bytea, p_between bytea, p_fields bytea)
  returns boolean language plpgsql as $$
declare
  last answer_head;
begin
  select * into last from answer_head h where h.tenant_id = p_tenant for update;
  if not found then
    insert into answer_head (tenant_id, seq, hash) values (p_tenant, 0, p_start)
      on conflict do nothing;
    select * into last from answer_head h where h.tenant_id = p_tenant for update;
  end if;
  if exists (
      select from answer_record r where r.tenant_id = p_tenant and r.request_id = p_request) then
    return null;
  end if;
  last.seq := last.seq + 1;
  last.hash := sha256(p_before || last.hash || p_between || int8send(last.seq) || p_fields);
  insert into answer_record (tenant_id, seq, request_id, at, record, hash)
    values (p_tenant, last.seq, p_request, p_at, p_record, last.hash);
  update answer_head h set seq = last.seq, hash = last.hash where h.tenant_id = p_tenant;
  return coalesce(
    (select s.keep_content from audit_setting s where s.tenant_id = p_tenant), false);
end $$;
