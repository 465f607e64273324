package io.galerne.identity;

import java.util.Set;

/** A person to add to a tenant; the e-mail address in lower case. */
public record NewMember(
    String email, String firstName, String lastName, Set<OrganizationRole> roles) {}
