package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.moderation.FloorDesk;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** {@code /operator/floor}: the policy that no tenant can lower. */
@Controller
class FloorPage {
  private static final int TEXT_MAX = 1_000_000;

  private final FloorDesk floor;

  FloorPage(FloorDesk floor) {
    this.floor = floor;
  }

  @GetMapping("/operator/floor")
  String page(
      PlatformOperator operator, @RequestParam(defaultValue = "") String from, Model model) {
    String text = "";
    if (from.matches("\\d{1,9}")) {
      text =
          floor
              .version(Integer.parseInt(from))
              .map(FloorDesk.Version::content)
              .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
    return show(text, model);
  }

  private String show(String text, Model model) {
    model.addAttribute("state", floor.state());
    model.addAttribute("versions", floor.versions());
    model.addAttribute("text", text);
    return "operator/floor";
  }

  @PostMapping("/operator/floor")
  String submit(
      PlatformOperator operator,
      @RequestParam(defaultValue = "") String text,
      @RequestParam(defaultValue = "validate") String action,
      Model model,
      HttpServletResponse response) {
    List<FloorDesk.Problem> problems =
        text.length() > TEXT_MAX
            ? List.of(new FloorDesk.Problem("", "is longer than " + TEXT_MAX + " characters"))
            : floor.validate(text);
    if (!problems.isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("problems", problems);
      return show(text, model);
    }
    if (!action.equals("publish")) {
      model.addAttribute("rules", floor.rules(text));
      model.addAttribute("changes", floor.changes(text));
      return show(text, model);
    }
    return after(floor.publish(operator, text), "published");
  }

  @PostMapping("/operator/floor/{version}/activate")
  String activate(PlatformOperator operator, @PathVariable String version) {
    if (!version.matches("\\d{1,9}")) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return after(
        floor.activate(operator, Integer.parseInt(version)),
        version.equals("0") ? "removed" : "activated");
  }

  private static String after(FloorDesk.Outcome outcome, String said) {
    return switch (outcome) {
      case FloorDesk.Done _ -> "redirect:/operator/floor?said=" + said;
      case FloorDesk.Unknown _ -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
      case FloorDesk.Invalid _ -> throw new IllegalStateException("valid text became invalid");
    };
  }
}
