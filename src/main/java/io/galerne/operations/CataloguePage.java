package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** {@code /operator/models}: the weights, and how more are added. */
@Controller
class CataloguePage {
  private static final int TEXT_MAX = 500;
  private static final String SUFFIX = ".gguf";

  private final CatalogueView catalogue;
  private final ModelAdditions additions;

  CataloguePage(CatalogueView catalogue, ModelAdditions additions) {
    this.catalogue = catalogue;
    this.additions = additions;
  }

  /** The form of an addition: a file of the folder, or an address where that is empty. */
  record NewModel(
      @Nullable String file,
      @Nullable String address,
      @Nullable String id,
      @Nullable String sha256,
      @Nullable String licence,
      @Nullable String source) {
    static final NewModel EMPTY = new NewModel("", "", "", "", "", "");

    ModelAdditions.Wanted wanted() {
      String named = Typed.text(file, TEXT_MAX);
      String origin = named.isEmpty() ? Typed.text(address, TEXT_MAX) : named;
      String called = Typed.text(id, TEXT_MAX);
      return new ModelAdditions.Wanted(
          origin,
          called.isEmpty() ? fromName(origin) : called,
          orNull(Typed.text(sha256, TEXT_MAX).toLowerCase(Locale.ROOT)),
          orNull(Typed.text(licence, TEXT_MAX)),
          orNull(Typed.text(source, TEXT_MAX)));
    }

    private static String fromName(String origin) {
      String name = origin.replaceAll("[?#].*", "");
      name = name.substring(name.lastIndexOf('/') + 1);
      return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    private static @Nullable String orNull(String text) {
      return text.isEmpty() ? null : text;
    }
  }

  @GetMapping("/operator/models")
  String page(PlatformOperator operator, Model model) {
    model.addAttribute("weights", catalogue.rows());
    model.addAttribute("deployed", catalogue.deployed());
    model.addAttribute("embeddings", catalogue.embeddings());
    model.addAttribute("addition", additions.latest().orElse(null));
    model.addAttribute("files", additions.files());
    model.addAttribute("hosts", additions.hosts());
    model.addAttribute("folder", additions.folder());
    if (!model.containsAttribute("form")) {
      model.addAttribute("form", NewModel.EMPTY);
    }
    return "operator/models";
  }

  @PostMapping("/operator/models")
  String add(
      PlatformOperator operator,
      @ModelAttribute("form") NewModel form,
      Model model,
      HttpServletResponse response) {
    return switch (additions.begin(operator, form.wanted())) {
      case ModelAdditions.Begun _ -> "redirect:/operator/models";
      case ModelAdditions.Refused(String field, String problem) -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("wrong", field);
        model.addAttribute("problem", problem);
        yield page(operator, model);
      }
    };
  }

  /** How far the addition is; nothing if there was none since the start. */
  @GetMapping("/operator/models/addition")
  @ResponseBody
  ResponseEntity<ModelAddition.Seen> addition(PlatformOperator operator) {
    return additions
        .latest()
        .map(ResponseEntity::ok)
        .orElseGet(() -> ResponseEntity.noContent().build());
  }

  @PostMapping("/operator/models/addition/cancel")
  String cancel(PlatformOperator operator) {
    additions.cancel();
    return "redirect:/operator/models";
  }
}
