package io.galerne.chat;

import io.galerne.audit.Actor;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.signin.Person;
import java.util.UUID;

/** Who chats: a member of a tenant. */
record Chatter(TenantAdmin person) {
  static Chatter of(Person person) {
    return new Chatter(person.admin());
  }

  UUID tenantId() {
    return person.tenantId();
  }

  UUID memberId() {
    return person.memberId();
  }

  Actor actor() {
    return person.actor();
  }
}
