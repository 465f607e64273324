-- Runs before every migration, as the owner: the runtime role must exist before tables can grant
-- to it, and may have vanished (roles are not part of a database dump).
do $$
declare
  version_with_set_option constant int := 160000;
  runtime_user constant name := '${runtime_user}';
  privilege constant text :=
    case when current_setting('server_version_num')::int >= version_with_set_option then 'SET' else 'MEMBER' end;
begin
  if not exists (select from pg_roles where rolname = 'galerne_app') then
    begin
      create role galerne_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    exception
      when duplicate_object or unique_violation then null; -- another replica was faster
      when insufficient_privilege then
        raise exception 'The role galerne_app does not exist and % may not create it', current_user
          using hint = format('As an administrator run: create role galerne_app; grant galerne_app to %I;', runtime_user);
    end;
  end if;
  if not pg_has_role(runtime_user, 'galerne_app', privilege) then
    execute format('grant galerne_app to %I', runtime_user);
  end if;
  execute format('grant usage on schema %I to galerne_app', current_schema());
end
$$;
