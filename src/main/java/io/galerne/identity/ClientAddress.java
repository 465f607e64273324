package io.galerne.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

/**
 * Where a request came from. What a request says of itself counts only as far as trusted proxies
 * have written it: {@code X-Forwarded-For} is read from the right, and the first address that is no
 * trusted proxy's is the client's.
 */
public final class ClientAddress {
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final int HOPS_MAX = 32;

  private final List<String> trustedProxies;

  ClientAddress(List<String> trustedProxies) {
    this.trustedProxies =
        trustedProxies.stream()
            .map(
                proxy ->
                    Networks.parse(proxy)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "galerne.identity.trusted-proxies: "
                                        + proxy
                                        + " is neither an address nor a block of addresses")))
            .toList();
  }

  /** The address of the client that the request comes from, as a literal. */
  public String of(HttpServletRequest request) {
    String client = request.getRemoteAddr();
    if (!isTrusted(client)) {
      return client;
    }
    List<String> hops =
        Collections.list(request.getHeaders(FORWARDED_FOR)).stream()
            .flatMap(header -> List.of(header.split(",", -1)).stream())
            .map(String::strip)
            .toList();
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - HOPS_MAX); i--) {
      var hop = Networks.literal(hops.get(i));
      if (hop.isEmpty()) {
        return client; // unreadable: go no further than what is proven
      }
      client = hop.get().getHostAddress();
      if (!isTrusted(client)) {
        return client;
      }
    }
    return client;
  }

  private boolean isTrusted(String address) {
    return trustedProxies.stream().anyMatch(proxy -> Networks.contains(proxy, address));
  }
}
