package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.scheduler.KeyStatistics;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.serving.EngineRegistry;
import io.swagger.v3.oas.annotations.Operation;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the engines of the instance that answers do now. The operator sees all of it; a tenant sees
 * its own part and nothing that tells it of others.
 */
@RestController
class EngineUseController {
  private final EngineRegistry engines;

  EngineUseController(EngineRegistry engines) {
    this.engines = engines;
  }

  /**
   * One tenant's part of an engine.
   *
   * @param servedTokens computed for it since it was first seen: a counter, for differences
   */
  record Part(
      @JsonProperty("organization_uuid") String organizationUuid,
      int running,
      int waiting,
      @JsonProperty("served_tokens") long servedTokens) {
    static Part of(KeyStatistics key) {
      return new Part(key.key(), key.running(), key.waiting(), key.servedTokens());
    }
  }

  record OwnPart(
      String weights, int running, int waiting, @JsonProperty("served_tokens") long servedTokens) {}

  record OwnUse(List<OwnPart> engines) {}

  @Operation(summary = "What the organization has in the engines now")
  @GetMapping("/v1/admin/usage/live")
  @Requires(Permission.USAGE_READ)
  OwnUse own(@AuthenticationPrincipal TenantAdmin caller) {
    String key = caller.tenantId().toString();
    List<OwnPart> parts = new ArrayList<>();
    engines
        .statisticsByWeights()
        .forEach(
            (weights, statistics) -> {
              KeyStatistics own =
                  statistics.keys().stream()
                      .filter(candidate -> candidate.key().equals(key))
                      .findFirst()
                      .orElse(new KeyStatistics(key, 0, 0, 0, 0, 0));
              parts.add(new OwnPart(weights, own.running(), own.waiting(), own.servedTokens()));
            });
    return new OwnUse(parts);
  }

  record EngineUse(
      String weights,
      int running,
      int waiting,
      @JsonProperty("prompt_tokens") long promptTokens,
      @JsonProperty("cached_tokens") long cachedTokens,
      @JsonProperty("generated_tokens") long generatedTokens,
      long preemptions,
      @JsonProperty("kv_blocks_used") int kvBlocksUsed,
      @JsonProperty("kv_blocks") int kvBlocks,
      List<Part> organizations) {
    static EngineUse of(String weights, EngineStatistics statistics) {
      return new EngineUse(
          weights,
          statistics.running(),
          statistics.waiting(),
          statistics.promptTokens(),
          statistics.cachedTokens(),
          statistics.generatedTokens(),
          statistics.preemptions(),
          statistics.kvBlocksUsed(),
          statistics.kvBlocks(),
          statistics.keys().stream().map(Part::of).toList());
    }
  }

  record AllUse(List<EngineUse> engines) {}

  @Operation(summary = "What all organizations have in the engines now, for the operator")
  @GetMapping("/v1/admin/engines")
  @Requires(Permission.TENANTS_READ)
  AllUse all(@AuthenticationPrincipal PlatformOperator operator) {
    List<EngineUse> all = new ArrayList<>();
    engines
        .statisticsByWeights()
        .forEach((weights, statistics) -> all.add(EngineUse.of(weights, statistics)));
    return new AllUse(all);
  }
}
