package io.galerne.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Which addresses may be called: those of the public internet, and networks that the operator
 * allows. Everything that IANA's registries of special-purpose addresses keep from the internet is
 * refused otherwise, so that a tenant's settings don't reach what only the platform can reach
 * (server-side request forgery).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6890">RFC 6890</a>
 */
public final class AddressRules {
  private static final List<IpAddressMatcher> SPECIAL_V4 =
      matchers(
          Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4"));

  private static final List<IpAddressMatcher> GLOBAL_V6 = matchers(Stream.of("2000::/3"));

  /** Parts of it that stand for addresses of IPv4, or for none that are routed. */
  private static final List<IpAddressMatcher> SPECIAL_V6 =
      matchers(Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"));

  private final List<IpAddressMatcher> allowed;

  /**
   * @param allowedNetworks blocks of addresses, like {@code 10.1.0.0/16}, or single ones
   * @throws IllegalArgumentException if one is neither
   */
  public AddressRules(List<String> allowedNetworks) {
    allowed = matchers(allowedNetworks.stream());
  }

  private static List<IpAddressMatcher> matchers(Stream<String> networks) {
    return networks.map(IpAddressMatcher::new).toList();
  }

  /** Why an address must not be called, or empty if it may be. */
  public Optional<String> refusal(InetAddress address) {
    String literal = address.getHostAddress().replaceFirst("%.*", "");
    if (matches(allowed, literal) || isPublic(address, literal)) {
      return Optional.empty();
    }
    return Optional.of(literal + " is not an address of the public internet, and not allowed");
  }

  private static boolean isPublic(InetAddress address, String literal) {
    return address instanceof Inet4Address
        ? !matches(SPECIAL_V4, literal)
        : matches(GLOBAL_V6, literal) && !matches(SPECIAL_V6, literal);
  }

  private static boolean matches(List<IpAddressMatcher> networks, String literal) {
    return networks.stream().anyMatch(network -> network.matches(literal));
  }
}
