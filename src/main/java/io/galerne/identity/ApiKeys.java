package io.galerne.identity;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.ListCrudRepository;

interface ApiKeys extends ListCrudRepository<ApiKey, UUID> {
  Optional<ApiKey> findByKeyHash(String keyHash);

  List<ApiKey> findByWorkspaceIdAndNameAndRevokedAtIsNull(UUID workspaceId, String name);
}
