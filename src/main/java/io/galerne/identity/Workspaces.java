package io.galerne.identity;

import java.util.UUID;
import org.springframework.data.repository.ListCrudRepository;

interface Workspaces extends ListCrudRepository<Workspace, UUID> {}
