package io.galerne.console;

import io.galerne.identity.Invitation;
import io.galerne.identity.Invitations;
import io.galerne.identity.MemberDetails;
import io.galerne.identity.MemberDirectory;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.identity.SignInLinks;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /console/people}: members, their roles, and who is invited. */
@Controller
class PeoplePage {
  private static final String PAGE = "console/people";
  private static final String BACK = "redirect:/console/people";
  private static final int PAGE_SIZE = 50;
  private static final int SEARCH_CHARS_MAX = 100;
  private static final int INVITED_AT_ONCE_MAX = 100;
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,190}");

  private final MemberDirectory members;
  private final Invitations invitations;
  private final SignInLinks links;

  PeoplePage(MemberDirectory members, Invitations invitations, SignInLinks links) {
    this.members = members;
    this.invitations = invitations;
    this.links = links;
  }

  /** A link to pass on: shown once, since nobody could make it again. */
  record Link(String id, String email, String address) {}

  @GetMapping("/console/people")
  @Needs(Permission.MEMBERS_READ)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "1") String page,
      Model model) {
    int number = page.matches("\\d{1,4}") ? Math.max(1, Integer.parseInt(page)) : 1;
    String search = UsageFilter.typed(q, SEARCH_CHARS_MAX).toLowerCase(Locale.ROOT);
    Page<MemberDetails> found =
        members.list(person.admin(), new Page.Wanted(number, PAGE_SIZE), search);
    model.addAttribute("members", found.items());
    model.addAttribute("total", found.total());
    model.addAttribute("q", search);
    model.addAttribute("number", number);
    model.addAttribute("more", (long) number * PAGE_SIZE < found.total());
    model.addAttribute("pending", invitations.pending(person.admin()));
    model.addAttribute("mayWrite", person.may(Permission.MEMBERS_WRITE));
    model.addAttribute(
        "roles",
        Stream.of(OrganizationRole.values())
            .filter(role -> person.admin().organization().containsAll(role.permissions()))
            .toList());
    return PAGE;
  }

  @PostMapping("/console/people/invitations")
  @Needs(Permission.MEMBERS_WRITE)
  String invite(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String emails,
      @RequestParam(required = false) @Nullable List<String> role,
      Model model,
      HttpServletResponse response) {
    List<String> wanted =
        Arrays.stream(emails.split("[\\s,;]+", -1))
            .map(email -> email.strip().toLowerCase(Locale.ROOT))
            .filter(email -> !email.isEmpty())
            .distinct()
            .toList();
    boolean good =
        !wanted.isEmpty()
            && wanted.size() <= INVITED_AT_ONCE_MAX
            && wanted.stream().allMatch(email -> ADDRESS.matcher(email).matches());
    if (!good) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("emailsProblem", "people.wrong.emails");
      model.addAttribute("emails", emails);
      return page(person, "", "1", model);
    }
    Invitations.Result result = invitations.invite(person.admin(), wanted, roles(role), List.of());
    model.addAttribute("links", result.sent().stream().map(PeoplePage::invitationLink).toList());
    model.addAttribute("already", result.alreadyMembers());
    return page(person, "", "1", model);
  }

  private static Set<OrganizationRole> roles(@Nullable List<String> names) {
    Set<OrganizationRole> roles =
        names == null
            ? Set.of()
            : names.stream()
                .flatMap(name -> OrganizationRole.of(name).stream())
                .collect(Collectors.toSet());
    return roles.isEmpty() ? Set.of(OrganizationRole.MEMBER) : roles;
  }

  private static Link invitationLink(Invitation.Sent sent) {
    return new Link(
        sent.invitation().id().toString(),
        sent.invitation().email(),
        address("/invitation", sent.token()));
  }

  private static String address(String path, String token) {
    return ServletUriComponentsBuilder.fromCurrentContextPath()
        .path(path)
        .queryParam("token", token)
        .toUriString();
  }

  @PostMapping("/console/people/invitations/{id}/resend")
  @Needs(Permission.MEMBERS_WRITE)
  String resend(@AuthenticationPrincipal Person person, @PathVariable String id, Model model) {
    model.addAttribute(
        "links", List.of(invitationLink(invitations.resend(person.admin(), known(id)))));
    return page(person, "", "1", model);
  }

  @PostMapping("/console/people/invitations/{id}/revoke")
  @Needs(Permission.MEMBERS_WRITE)
  String revoke(@AuthenticationPrincipal Person person, @PathVariable String id) {
    invitations.revoke(person.admin(), known(id));
    return BACK + "?said=revoked";
  }

  @PostMapping("/console/people/{id}/roles")
  @Needs(Permission.MEMBERS_WRITE)
  String setRoles(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable List<String> role) {
    members.setRoles(person.admin(), known(id), roles(role));
    return BACK + "?said=roles";
  }

  @PostMapping("/console/people/{id}/link")
  @Needs(Permission.MEMBERS_WRITE)
  String link(@AuthenticationPrincipal Person person, @PathVariable String id, Model model) {
    MemberDetails member = members.get(person.admin(), known(id));
    String token = links.issue(person.admin(), member.id());
    model.addAttribute(
        "links",
        List.of(new Link(member.id().toString(), member.email(), address("/sign-in/link", token))));
    return page(person, "", "1", model);
  }

  @PostMapping("/console/people/{id}/remove")
  @Needs(Permission.MEMBERS_WRITE)
  String remove(@AuthenticationPrincipal Person person, @PathVariable String id) {
    members.remove(person.admin(), known(id));
    return BACK + "?said=removed";
  }

  private static UUID known(String id) {
    UUID read = UsageFilter.id(id);
    return read == null ? new UUID(0, 0) : read;
  }
}
