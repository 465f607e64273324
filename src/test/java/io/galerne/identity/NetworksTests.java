package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class NetworksTests {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.0/31, 192.0.2.1, true",
    "192.0.2.0/31, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "10.0.0.0/8, 2001:db8::1, false",
    "::/0, 10.0.0.1, false"
  })
  void blocksHoldAddresses(String network, String address, boolean inside) {
    String plain = Networks.parse(network).orElseThrow();
    assertThat(Networks.contains(plain, address)).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "10.0.0.0/33",
        "10.0.0",
        "::/129",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/8/8",
        "fe80::1%eth0",
        "10.0.0.1 10.0.0.2",
        "010.0.0.1.5"
      })
  void whatIsNoBlockIsNone(String text) {
    assertThat(Networks.parse(text)).isEmpty();
  }

  @Test
  void aForwardedAddressCountsFromTrustedProxiesOnly() {
    ClientAddress none = new ClientAddress(List.of());
    ClientAddress proxies = new ClientAddress(List.of("10.0.0.0/8", "2001:db8::/32"));

    assertThat(none.of(request("10.0.0.1", "203.0.113.9"))).isEqualTo("10.0.0.1");
    assertThat(proxies.of(request("10.0.0.1", "203.0.113.9"))).isEqualTo("203.0.113.9");
    assertThat(proxies.of(request("198.51.100.1", "203.0.113.9"))).isEqualTo("198.51.100.1");
    // what stands to the left of the last stranger is the stranger's own claim
    assertThat(proxies.of(request("10.0.0.1", "192.0.2.1, 203.0.113.9, 10.2.2.2")))
        .isEqualTo("203.0.113.9");
    assertThat(proxies.of(request("10.0.0.1", "nonsense"))).isEqualTo("10.0.0.1");
    assertThat(proxies.of(request("10.0.0.1", null))).isEqualTo("10.0.0.1");
  }

  @Test
  void aProxyThatIsNoAddressStopsTheStart() {
    assertThatThrownBy(() -> new ClientAddress(List.of("proxy.example")))
        .hasMessageContaining("proxy.example");
  }

  private static MockHttpServletRequest request(String peer, @Nullable String forwarded) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setRemoteAddr(peer);
    if (forwarded != null) {
      request.addHeader("X-Forwarded-For", forwarded);
    }
    return request;
  }
}
