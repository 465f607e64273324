package io.galerne.signin;

import io.galerne.audit.Actor;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.ClientAddress;
import io.galerne.identity.Invitations;
import io.galerne.identity.People.Reference;
import io.galerne.identity.RefusedException;
import io.galerne.identity.RequestIds;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Whoever was invited takes it up here: says their name, sets a password, and is signed in. */
@Controller
class InvitationController {
  private static final String PAGE = "sign-in/invitation";
  private static final int NAME_MAX = 255;

  private final Invitations invitations;
  private final Credentials credentials;
  private final TenantTransactions transactions;
  private final Sessions sessions;
  private final ClientAddress addresses;

  InvitationController(
      Invitations invitations,
      Credentials credentials,
      TenantTransactions transactions,
      Sessions sessions,
      ClientAddress addresses) {
    this.invitations = invitations;
    this.credentials = credentials;
    this.transactions = transactions;
    this.sessions = sessions;
    this.addresses = addresses;
  }

  @GetMapping("/invitation")
  String page(@RequestParam(defaultValue = "") String token, Model page) {
    return show(page, token, invitations.look(token).orElse(null), "", "");
  }

  private static String show(
      Model page,
      String token,
      Invitations.@Nullable Offer offer,
      String firstName,
      String lastName) {
    page.addAttribute("token", token);
    page.addAttribute("offer", offer);
    page.addAttribute("firstName", firstName);
    page.addAttribute("lastName", lastName);
    return PAGE;
  }

  @PostMapping("/invitation")
  String accept(
      @RequestParam(defaultValue = "") String token,
      @RequestParam(defaultValue = "") String firstName,
      @RequestParam(defaultValue = "") String lastName,
      @RequestParam(defaultValue = "") String password,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Invitations.Offer offer = invitations.look(token).orElse(null);
    if (offer == null) {
      response.setStatus(HttpStatus.GONE.value());
      return show(page, "", null, "", "");
    }
    String first = firstName.strip();
    String last = lastName.strip();
    Optional<String> problem = PasswordRules.problem(password, offer.email());
    if (problem.isPresent()
        || first.isEmpty()
        || Math.max(first.length(), last.length()) > NAME_MAX) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      page.addAttribute("passwordProblem", problem.orElse(null));
      page.addAttribute("nameProblem", first.isEmpty() ? "sign-in.invitation.name-missing" : null);
      return show(page, token, offer, first, last);
    }
    try {
      Joined joined = join(offer, token, first, last, password, request);
      sessions.begin(joined.person(), joined.version(), request, response);
      return "redirect:/";
    } catch (RefusedException worthless) {
      response.setStatus(HttpStatus.GONE.value());
      return show(page, "", null, "", "");
    }
  }

  private record Joined(Reference person, int version) {}

  private Joined join(
      Invitations.Offer offer,
      String token,
      String firstName,
      String lastName,
      String password,
      HttpServletRequest request) {
    return transactions.inTenant(
        offer.tenantId(),
        () -> {
          Invitations.Accepted accepted =
              invitations.accept(
                  token, firstName, lastName, RequestIds.uuid(request), addresses.of(request));
          Reference person = new Reference(accepted.tenantId(), accepted.memberId());
          Actor actor =
              new Actor(
                  Actor.Kind.MEMBER,
                  person.memberId(),
                  RequestIds.uuid(request),
                  addresses.of(request));
          return new Joined(person, credentials.setPassword(person, password, actor));
        });
  }
}
