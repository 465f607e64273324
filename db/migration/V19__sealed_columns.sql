-- Changing the key for secrets looks for those of all people; it writes as their tenant.
create policy sealed_seen_by_keeper on person_credential for select
  using (totp_secret is not null and current_setting('galerne.secrets_keeper', true) = 'on');
