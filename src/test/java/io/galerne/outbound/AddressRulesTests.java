package io.galerne.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTests {
  private final AddressRules rules = new AddressRules(List.of("10.1.0.0/16", "fd00:1::/32"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fc00::1",
        "fd00::1",
        "ff02::1",
        "2001::1",
        "2002:7f00:1::",
        "2001:db8::1"
      })
  void refusesWhatIsNotOfTheInternet(String address) {
    assertThat(rules.refusal(InetAddress.ofLiteral(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.169.0.1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:830::200e"
      })
  void letsTheInternetThrough(String address) {
    assertThat(rules.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.0.0", "10.1.255.255", "fd00:1::5"})
  void letsThroughWhatTheOperatorAllows(String address) {
    assertThat(rules.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  @Test
  void refusesWhatLiesBesideIt() {
    assertThat(rules.refusal(InetAddress.ofLiteral("10.2.0.0"))).isPresent();
    assertThat(rules.refusal(InetAddress.ofLiteral("fd00:2::"))).isPresent();
  }

  @Test
  void takesNoNetworkThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressRules(List.of("not a network")));
  }
}
