package io.galerne.api;

import org.junit.jupiter.api.Test;

/** What strict mode and a low limit refuse is taken without them. */
class LenientModeIntegrationTests extends ApiIntegrationTest {
  @Test
  void unknownFieldsAreIgnored() {
    post(StrictModeIntegrationTests.UNKNOWN_FIELDS).expectStatus().isOk();
  }

  @Test
  void theSameBodyFitsUnderAHigherLimit() {
    post(StrictModeIntegrationTests.large()).expectStatus().isOk();
  }
}
