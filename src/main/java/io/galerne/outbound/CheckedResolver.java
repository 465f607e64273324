package io.galerne.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up for new connections. The addresses that pass here are those that are connected to:
 * a name server that answers differently a moment later changes nothing.
 */
final class CheckedResolver implements DnsResolver {
  private final DnsResolver names;
  private final AddressRules rules;

  CheckedResolver(DnsResolver names, AddressRules rules) {
    this.names = names;
    this.rules = rules;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    for (InetAddress address : addresses) {
      Optional<String> refusal = rules.refusal(address);
      if (refusal.isPresent()) {
        throw new ForbiddenAddressException(host + ": " + refusal.get());
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return names.resolveCanonicalHostname(host);
  }
}
