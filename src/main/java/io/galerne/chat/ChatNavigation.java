package io.galerne.chat;

import io.galerne.identity.Permission;
import io.galerne.shell.Navigation;
import io.galerne.shell.NavigationItem;
import io.galerne.shell.NavigationItem.Section;
import java.util.List;
import org.springframework.stereotype.Component;

/** What leads to the chat, and to what a tenant decides about it. */
@Component
class ChatNavigation implements Navigation {
  @Override
  public List<NavigationItem> items() {
    return List.of(
        NavigationItem.forEverybody(0, Section.CHAT, "chat.nav", ChatPage.HOME, "chat"),
        new NavigationItem(
            80,
            Section.CONSOLE,
            "chat.nav.settings",
            ChatSettingsController.PATH,
            "settings",
            person -> person.may(Permission.ORGANIZATION_WRITE)));
  }
}
