package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The gateway's body for a route that does not exist. */
record RouteMissing(String message, @JsonProperty("request_id") String requestId) {
  RouteMissing(String requestId) {
    this("no Route matched with those values", requestId);
  }
}
