package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.RequestIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** The id that the client is told is the one in the log, during the request only. */
class LoggedRequestIdTests {
  @Test
  void linesWithinARequestHaveItsId() throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest();
    MockHttpServletResponse response = new MockHttpServletResponse();
    String id = RequestIds.ofAnnounced(request, response);
    List<String> logged = new ArrayList<>();

    new LoggedRequestId()
        .doFilter(request, response, (_, _) -> logged.add(MDC.get(LoggedRequestId.FIELD)));

    assertThat(logged).containsExactly(id);
    assertThat(response.getHeader("x-request-id")).isEqualTo(id);
    assertThat(MDC.get(LoggedRequestId.FIELD)).isNull();
  }
}
