package io.galerne.identity;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Blocks of addresses as people write them: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, one address.
 */
final class Networks {
  private static final int TEXT_MAX = 64;

  private Networks() {}

  /** The block in its plain form, or empty if the text is none. Never asks a name server. */
  static Optional<String> parse(String text) {
    String[] parts = text.strip().split("/", -1);
    if (text.length() > TEXT_MAX || parts.length > 2) {
      return Optional.empty();
    }
    Optional<InetAddress> address = literal(parts[0]);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    String plain = address.get().getHostAddress();
    if (parts.length == 1) {
      return Optional.of(plain);
    }
    int bitsMax = address.get().getAddress().length * Byte.SIZE;
    boolean digits = parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bitsMax;
    return digits ? Optional.of(plain + "/" + Integer.parseInt(parts[1])) : Optional.empty();
  }

  static boolean contains(String network, String address) {
    boolean sameFamily =
        literal(address)
            .filter(one -> (network.indexOf(':') >= 0) == (one instanceof Inet6Address))
            .isPresent();
    return sameFamily && new IpAddressMatcher(network).matches(address);
  }

  /** An address in its plain form; one of IPv4 written as IPv6 is one of IPv4. */
  static Optional<InetAddress> literal(String text) {
    boolean short4 = text.indexOf(':') < 0 && !text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    if (short4 || text.indexOf('%') >= 0) {
      return Optional.empty(); // an interface of this machine means nothing elsewhere
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
