package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.FieldErrors;
import io.galerne.api.ObjectReader;
import io.galerne.api.RequestBodies;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Reads bodies of the Admin API. Fields that an operation does not take, a read-only one too, are
 * refused by name; all that is wrong is told at once, and nothing is done.
 */
@Component
class AdminRequests {
  private final RequestBodies bodies;

  AdminRequests(RequestBodies bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads one object.
   *
   * @param fields the names of the fields that it may have
   * @throws ApiException if something is wrong with it
   */
  <T> T object(HttpServletRequest request, Set<String> fields, Function<Fields, T> read) {
    FieldErrors errors = new FieldErrors();
    T value = read(bodies.read(request), List.of("body"), errors, fields, read);
    errors.throwIfAny();
    return value;
  }

  /**
   * Reads a list of objects.
   *
   * @throws ApiException if something is wrong with one of them
   */
  <T> List<T> list(
      HttpServletRequest request, int itemsMax, Set<String> fields, Function<Fields, T> read) {
    FieldErrors errors = new FieldErrors();
    List<T> values =
        Fields.list(
            bodies.read(request),
            List.of("body"),
            errors,
            itemsMax,
            (item, loc) -> read(item, loc, errors, fields, read));
    errors.throwIfAny();
    return values;
  }

  static <T> T read(
      JsonNode value,
      List<Object> loc,
      FieldErrors errors,
      Set<String> fields,
      Function<Fields, T> read) {
    ObjectReader object = ObjectReader.of(value, loc, errors);
    if (object == null) {
      errors.throwIfAny();
      throw new IllegalStateException("an object that is none was not reported");
    }
    object.refuseOthers(fields);
    return read.apply(new Fields(object));
  }
}
