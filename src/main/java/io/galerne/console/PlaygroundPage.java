package io.galerne.console;

import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.identity.PersonKeys;
import io.galerne.signin.Person;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * {@code /console/playground}: questions to the API itself, asked as the person who is signed in.
 * What is used is counted under their own key.
 */
@Controller
class PlaygroundPage {
  private final WeightsCatalog files;
  private final ModelCatalog models;
  private final PersonKeys personKeys;

  PlaygroundPage(WeightsCatalog files, ModelCatalog models, PersonKeys personKeys) {
    this.files = files;
    this.models = models;
    this.personKeys = personKeys;
  }

  @GetMapping("/console/playground")
  @ForEverybody
  String page(Model page) {
    String address = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
    List<ServedWeights> weights = ServedWeights.all(files, models);
    page.addAttribute("address", address);
    page.addAttribute("weights", weights);
    page.addAttribute("examples", CodeExample.all(address, weights.getFirst().names().getFirst()));
    return "console/playground";
  }

  /** Hands the request to the API as one of the person's own key. */
  @PostMapping("/console/playground/completions")
  @ForEverybody
  void complete(
      @AuthenticationPrincipal Person person,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    SecurityContext asCaller = SecurityContextHolder.createEmptyContext();
    asCaller.setAuthentication(new CallerAuthentication(personKeys.caller(person.admin())));
    SecurityContextHolder.setContext(asCaller);
    request.getRequestDispatcher("/v1/chat/completions").forward(request, response);
  }
}
