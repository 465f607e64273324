-- Runs at every start that migrates, as the owner: a server that may not migrate must still see
-- whether others have.
grant select on flyway_schema_history to galerne_app;
