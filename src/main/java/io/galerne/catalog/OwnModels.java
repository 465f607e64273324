package io.galerne.catalog;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Models beside the catalogue's: what is deployed for one tenant, or for all, while it is up. */
public interface OwnModels {
  /** None at all. */
  OwnModels NONE =
      new OwnModels() {
        @Override
        public Optional<ModelCard> find(UUID tenantId, String name) {
          return Optional.empty();
        }

        @Override
        public List<ModelCard> cards(UUID tenantId) {
          return List.of();
        }
      };

  /** By id or alias, as the tenant sees it. */
  Optional<ModelCard> find(UUID tenantId, String name);

  /** All that the tenant may use. */
  List<ModelCard> cards(UUID tenantId);
}
