package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Permission;
import io.galerne.identity.PlatformOperators;
import io.galerne.identity.PlatformOperators.Account;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /v1/admin/platform/operators}: the people who may open the pages under /operator. */
@RestController
class OperatorsController {
  private static final int NAME_MAX = 255;

  private final PlatformOperators operators;
  private final AdminRequests requests;

  OperatorsController(PlatformOperators operators, AdminRequests requests) {
    this.operators = operators;
    this.requests = requests;
  }

  record Entry(
      UUID uuid,
      String email,
      String name,
      String organization,
      @JsonProperty("appointed_at") Instant appointedAt) {
    static Entry of(Account account) {
      return new Entry(
          account.id(),
          account.email(),
          account.name(),
          account.organization(),
          account.appointedAt());
    }
  }

  record EntryList(List<Entry> data) {}

  /** The link is in no other answer. */
  record Invited(Entry operator, @JsonProperty("sign_in_link") String signInLink) {
    @Override
    public String toString() {
      return "Invited[" + operator + "]";
    }
  }

  private record Wanted(String email, String firstName, String lastName) {}

  @GetMapping("/v1/admin/platform/operators")
  @Requires(Permission.TENANTS_READ)
  EntryList list(@AuthenticationPrincipal PlatformOperator operator) {
    return new EntryList(operators.list(operator).stream().map(Entry::of).toList());
  }

  @PostMapping("/v1/admin/platform/operators")
  @Requires(Permission.TENANTS_WRITE)
  Invited invite(HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    Wanted wanted =
        requests.object(
            request,
            Set.of("email", "first_name", "last_name"),
            fields ->
                new Wanted(
                    fields.requiredEmail("email"),
                    Objects.requireNonNullElse(fields.text("first_name", NAME_MAX), ""),
                    Objects.requireNonNullElse(fields.text("last_name", NAME_MAX), "")));
    PlatformOperators.Invited invited =
        operators.invite(operator, wanted.email(), wanted.firstName(), wanted.lastName());
    return new Invited(
        Entry.of(invited.account()),
        ServletUriComponentsBuilder.fromCurrentContextPath()
            .path("/sign-in/link")
            .queryParam("token", invited.token())
            .toUriString());
  }

  @DeleteMapping("/v1/admin/platform/operators/{user_id}")
  @Requires(Permission.TENANTS_WRITE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void dismiss(
      @PathVariable("user_id") String id, @AuthenticationPrincipal PlatformOperator operator) {
    operators.dismiss(operator, Query.id("user_id", id));
  }
}
