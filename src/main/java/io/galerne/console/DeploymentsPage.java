package io.galerne.console;

import io.galerne.deployments.DeploymentService;
import io.galerne.deployments.DeploymentService.Seen;
import io.galerne.identity.Organization;
import io.galerne.identity.Organizations;
import io.galerne.identity.Permission;
import io.galerne.metering.PriceBook;
import io.galerne.signin.Person;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * {@code /console/deployments}: models on capacity of their own, their state and what they have.
 */
@Controller
class DeploymentsPage {
  private static final int ORGANIZATIONS_MAX = 200;
  private static final io.galerne.identity.Page.Wanted FIRST =
      new io.galerne.identity.Page.Wanted(1, ORGANIZATIONS_MAX);

  private final DeploymentService deployments;
  private final Organizations organizations;
  private final PriceBook prices;
  private final Clock clock;

  DeploymentsPage(
      DeploymentService deployments, Organizations organizations, PriceBook prices, Clock clock) {
    this.deployments = deployments;
    this.organizations = organizations;
    this.prices = prices;
    this.clock = clock;
  }

  @GetMapping("/console/deployments")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    DeploymentScope scope = add(person, organization, page);
    page.addAttribute("organizations", all(scope));
    return "console/deployments";
  }

  /** The part that is read again every few seconds. */
  @GetMapping("/console/deployments/live")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String live(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    add(person, organization, page);
    return "console/deployments :: live";
  }

  private DeploymentScope add(Person person, String organization, Model page) {
    DeploymentScope scope = DeploymentScope.of(person, organization, organizations);
    page.addAttribute("scope", scope);
    page.addAttribute(
        "deployments", deployments.list(scope.tenantId()).stream().map(this::view).toList());
    return scope;
  }

  /**
   * Whom an operator can choose among, the one on the page always; nobody else sees that there are
   * others.
   */
  private List<Organization> all(DeploymentScope scope) {
    if (scope.operator() == null) {
      return List.of();
    }
    List<Organization> first = organizations.list(scope.operator(), FIRST).items();
    if (scope.everybody() || first.stream().anyMatch(one -> one.id().equals(scope.tenantId()))) {
      return first;
    }
    List<Organization> all = new ArrayList<>();
    all.add(organizations.get(scope.operator(), scope.tenantId()));
    all.addAll(first);
    return all;
  }

  private DeploymentView view(Seen seen) {
    String pricedAs = deployments.pricedAs(seen.deployment());
    return DeploymentView.of(
        seen, deployments.capacity(seen.deployment()), prices.priceOf(pricedAs, clock.instant()));
  }

  @GetMapping("/console/deployments/{id}")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String one(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    addOne(person, id, organization, page);
    return "console/deployment";
  }

  @GetMapping("/console/deployments/{id}/live")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String liveOne(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    addOne(person, id, organization, page);
    return "console/deployment :: live";
  }

  private void addOne(Person person, String id, String organization, Model page) {
    DeploymentScope scope = DeploymentScope.of(person, organization, organizations);
    Seen seen =
        find(scope, UsageFilter.id(id))
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    page.addAttribute("scope", scope);
    page.addAttribute("view", view(seen));
    page.addAttribute("yaml", DeploymentYaml.of(seen.deployment()));
    page.addAttribute(
        "address", ServletUriComponentsBuilder.fromCurrentContextPath().toUriString() + "/v1");
  }

  private Optional<Seen> find(DeploymentScope scope, @Nullable UUID id) {
    return id == null ? Optional.empty() : deployments.find(scope.tenantId(), id);
  }
}
