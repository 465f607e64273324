package io.galerne.adminapi;

import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.KeyCaps;
import io.galerne.identity.KeyScope;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads a key's scope and caps. For a change, what a body does not name stays as it is. */
@Component
class KeyFields {
  static final Set<String> NAMES =
      Set.of(
          "models",
          "endpoints",
          "networks",
          "requests_per_second",
          "tokens_per_minute",
          "tokens_per_month",
          "monthly_spend_micros");

  private static final int ITEMS_MAX = 100;
  private static final int TEXT_MAX = 200;
  private static final int RPS_MAX = 1_000_000;
  private static final long AMOUNT_MAX = 1_000_000_000_000_000L;
  private static final Pattern ENDPOINT = Pattern.compile("/v1(/[a-z0-9_-]+)+");
  private static final String ADMIN = "/v1/admin";

  private final ModelCatalog catalog;

  KeyFields(ModelCatalog catalog) {
    this.catalog = catalog;
  }

  KeyScope scope(TenantAdmin caller, Fields fields, KeyScope before) {
    return new KeyScope(
        fields.has("models") ? models(caller, fields) : before.models(),
        fields.has("endpoints") ? endpoints(fields) : before.endpoints(),
        fields.has("networks") ? networks(fields) : before.networks());
  }

  /** A name that nothing answers to would be a key that works for nothing: a typing error. */
  private List<String> models(TenantAdmin caller, Fields fields) {
    List<String> models = fields.texts("models", ITEMS_MAX, TEXT_MAX);
    for (String model : models) {
      if (catalog.resolve(caller.tenantId(), model) instanceof Resolution.Unknown) {
        fields.wrong("models", "value_error", "There is no model " + model);
      }
    }
    return models;
  }

  private static List<String> endpoints(Fields fields) {
    List<String> endpoints = fields.texts("endpoints", ITEMS_MAX, TEXT_MAX);
    for (String endpoint : endpoints) {
      boolean admin = endpoint.equals(ADMIN) || endpoint.startsWith(ADMIN + "/");
      if (admin || !ENDPOINT.matcher(endpoint).matches()) {
        fields.wrong(
            "endpoints", "value_error", "Endpoints are paths such as /v1/chat/completions");
      }
    }
    return endpoints;
  }

  private static List<String> networks(Fields fields) {
    List<String> networks = fields.texts("networks", ITEMS_MAX, TEXT_MAX);
    for (String network : networks) {
      if (KeyScope.network(network).isEmpty()) {
        fields.wrong(
            "networks", "value_error", "Networks are addresses or blocks such as 192.0.2.0/24");
      }
    }
    return networks.stream().flatMap(network -> KeyScope.network(network).stream()).toList();
  }

  KeyCaps caps(Fields fields, KeyCaps before) {
    Long rps = fields.integer("requests_per_second", 1, RPS_MAX);
    return new KeyCaps(
        fields.has("requests_per_second")
            ? (rps == null ? null : Integer.valueOf(rps.intValue()))
            : before.requestsPerSecond(),
        amount(fields, "tokens_per_minute", 1, before.tokensPerMinute()),
        amount(fields, "tokens_per_month", 1, before.tokensPerMonth()),
        amount(fields, "monthly_spend_micros", 0, before.monthlySpendMicros()));
  }

  private static @Nullable Long amount(
      Fields fields, String field, long min, @Nullable Long before) {
    Long amount = fields.integer(field, min, AMOUNT_MAX);
    return fields.has(field) ? amount : before;
  }

  /** For a key that is yet to be made. */
  KeyScope scope(TenantAdmin caller, Fields fields) {
    return scope(caller, fields, KeyScope.EVERYTHING);
  }

  KeyCaps caps(Fields fields) {
    return caps(fields, KeyCaps.NONE);
  }
}
