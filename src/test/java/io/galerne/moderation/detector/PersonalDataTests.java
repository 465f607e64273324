package io.galerne.moderation.detector;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.Rules;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule.Action;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Precision and recall on data made for it: half of it valid, half of it nearly so. */
class PersonalDataTests {
  private static final Logger log = LoggerFactory.getLogger(PersonalDataTests.class);
  private static final int SAMPLES = 1000;
  private static final List<String> FRAMES =
      List.of(
          "It is %s.",
          "%s", "(%s)", "Please note: %s and answer", "data:%s;", "Le numéro %s\nmerci");

  private static boolean found(
      Set<Detector.Pii.Kind> kinds, Set<Detector.Pii.NationalId> ids, String text) {
    var rule =
        Rules.of(
            "pii", Action.REDACT, new Detector.Pii(kinds, List.of("FR", "DE", "GB", "US"), ids));
    return !GuardedText.of(List.of(rule), StreamGuard.Form.TEXT, text).findings().isEmpty();
  }

  private static void measure(
      String what, Function<Boolean, String> data, Function<String, Boolean> found) {
    Random random = new Random(9);
    int hits = 0;
    int falseAlarms = 0;
    String missed = "";
    String alarm = "";
    for (int i = 0; i < SAMPLES; i++) {
      String frame = FRAMES.get(random.nextInt(FRAMES.size()));
      String valid = frame.formatted(data.apply(true));
      String invalid = frame.formatted(data.apply(false));
      if (found.apply(valid)) {
        hits++;
      } else {
        missed = valid;
      }
      if (found.apply(invalid)) {
        falseAlarms++;
        alarm = invalid;
      }
    }
    double recall = hits / (double) SAMPLES;
    double precision = hits / (double) (hits + falseAlarms);
    log.info("{}: precision {}, recall {} of {}", what, precision, recall, SAMPLES);
    assertThat(recall)
        .as("recall of %s, for instance %s", what, missed)
        .isGreaterThanOrEqualTo(0.99);
    assertThat(precision)
        .as("precision of %s, for instance %s", what, alarm)
        .isGreaterThanOrEqualTo(0.99);
  }

  @ParameterizedTest
  @EnumSource(Detector.Pii.Kind.class)
  void precisionAndRecallAreNinetyNinePercent(Detector.Pii.Kind kind) {
    PersonalData data = new PersonalData(4);
    measure(
        kind.name(),
        valid ->
            switch (kind) {
              case CARD -> data.card(valid);
              case IBAN -> data.iban(valid);
              case EMAIL -> data.email(valid);
              case PHONE -> data.phone(valid);
            },
        text -> found(Set.of(kind), Set.of(), text));
  }

  @Test
  void frenchIdentityNumbersHaveASwitch() {
    PersonalData data = new PersonalData(5);
    measure(
        "NIR",
        data::nir,
        text ->
            found(EnumSet.of(Detector.Pii.Kind.CARD), Set.of(Detector.Pii.NationalId.FR), text));

    String nir = data.nir(true);
    assertThat(found(Set.of(Detector.Pii.Kind.EMAIL), Set.of(), nir)).as("switched off").isFalse();
  }

  @Test
  void otherCountriesIdentityNumbersAreChecked() {
    assertThat(id("US", "my ssn is 536-90-4399")).isTrue();
    assertThat(id("US", "my ssn is 666-90-4399")).isFalse();
    assertThat(id("ES", "dni 12345678Z")).isTrue();
    assertThat(id("ES", "dni 12345678A")).isFalse();
    assertThat(id("IT", "cf RSSMRA85T10A562S")).isTrue();
    assertThat(id("IT", "cf RSSMRA85T10A562T")).isFalse();
    assertThat(id("GB", "nino AB 12 34 56 C")).isTrue();
    assertThat(id("GB", "nino GB 12 34 56 C")).isFalse();
    assertThat(id("BE", "rrn 85.07.30-033.28")).isTrue();
    assertThat(id("BE", "rrn 85.07.30-033.29")).isFalse();
  }

  private static boolean id(String country, String text) {
    return found(
        Set.of(Detector.Pii.Kind.IBAN), Set.of(Detector.Pii.NationalId.valueOf(country)), text);
  }

  /** The negative control: without check digits half of what is reported would be wrong. */
  @Test
  void withoutChecksThePrecisionWouldBePoor() {
    PersonalData data = new PersonalData(6);
    int alarms = 0;
    for (int i = 0; i < 200; i++) {
      alarms += data.card(false).replaceAll("\\D", "").matches("\\d{16}") ? 1 : 0;
    }
    assertThat(alarms).isEqualTo(200);
  }

  @Test
  void evasionsDoNotHideNumbers() {
    assertThat(found(Set.of(Detector.Pii.Kind.CARD), Set.of(), "４１１１ １１１１ １１１１ １１１１")).isTrue();
    assertThat(
            found(Set.of(Detector.Pii.Kind.CARD), Set.of(), "4111\u200B1111\u200B1111\u200B1111"))
        .isTrue();
    assertThat(found(Set.of(Detector.Pii.Kind.EMAIL), Set.of(), "ｊａｎｅ@example.com")).isTrue();
  }

  @Test
  void secretsAreKnownByTheirForm() {
    var rule = Rules.of("s", Action.REDACT, new Detector.Secrets());
    for (String secret :
        List.of(
            "gal_live_" + "a".repeat(38),
            "AKIA" + "ABCDEFGHIJKLMNOP",
            "ghp_" + "a1".repeat(18),
            "sk_live_" + "abcdefghijklmnop1234",
            "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".abcdefghijklmno",
            "postgres://user:hunter22@db/x",
            "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n")) {
      assertThat(GuardedText.of(List.of(rule), StreamGuard.Form.TEXT, "see " + secret).text())
          .as(secret)
          .contains("[s]")
          .doesNotContain(secret.substring(secret.length() / 2));
    }
    assertThat(
            GuardedText.of(
                    List.of(rule), StreamGuard.Form.TEXT, "ghp_short AKIA1 sk_live https://a.b/c")
                .findings())
        .isEmpty();
  }
}
