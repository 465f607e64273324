package io.galerne.console;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Organizations;
import io.galerne.identity.PlatformOrganization;
import io.galerne.signin.Person;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Whose deployments are looked at: the person's own organisation's, or another's where the person
 * operates the platform. Who belongs to no tenant sees those that everybody has, until they choose.
 *
 * @param organization its name
 * @param other whether it is not the person's own
 * @param operator who may change a tenant's; null for everybody else
 */
record DeploymentScope(
    UUID tenantId, String organization, boolean other, @Nullable PlatformOperator operator) {

  /**
   * @param wanted an organisation's id, empty for the person's own
   * @throws io.galerne.identity.RefusedException if an operator names one that isn't there
   */
  static DeploymentScope of(Person person, String wanted, Organizations organizations) {
    UUID id = UsageFilter.id(wanted);
    if (!person.operator()) {
      return new DeploymentScope(person.tenantId(), person.organization(), false, null);
    }
    PlatformOperator operator = new PlatformOperator(person.memberId(), person.admin().actor());
    return id == null || id.equals(person.tenantId())
        ? new DeploymentScope(person.tenantId(), person.organization(), false, operator)
        : new DeploymentScope(id, organizations.get(operator, id).name(), true, operator);
  }

  /**
   * The operator, or a 403 for whoever is none: deployments take the machine's memory. What
   * everybody has comes from the configuration, and is changed there.
   */
  PlatformOperator requireOperator() {
    PlatformOperator found = operator;
    if (found == null) {
      throw new ResponseStatusException(HttpStatus.FORBIDDEN);
    }
    if (everybody()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return found;
  }

  public boolean mayChange() {
    return operator != null && !everybody();
  }

  /** Whether no tenant's are looked at, but what all have. */
  public boolean everybody() {
    return tenantId.equals(PlatformOrganization.ID);
  }

  /** The value of the parameter {@code organization} that leads here again; null for none. */
  public @Nullable String parameter() {
    return other ? tenantId.toString() : null;
  }

  /** A path with that parameter. */
  String at(String path) {
    return other ? path + "?organization=" + tenantId : path;
  }
}
