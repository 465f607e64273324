package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The contract's body for a request of the wrong shape (422). */
record ValidationErrors(List<Detail> detail) {
  /**
   * One thing that is wrong.
   *
   * @param loc the way to the field: names, and positions in lists
   * @param input what was found there, cut where it is long
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Detail(
      String type,
      List<Object> loc,
      String msg,
      @Nullable JsonNode input,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> ctx) {}
}
