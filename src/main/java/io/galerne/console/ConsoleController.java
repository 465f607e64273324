package io.galerne.console;

import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.database.DataDirectory;
import io.galerne.demo.DemoTenant;
import io.galerne.serving.EngineRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Serves the page and, for its live part, the engine's figures. */
@Controller
class ConsoleController {
  private final WeightsCatalog files;
  private final ModelCatalog models;
  private final EngineRegistry engines;
  private final DataDirectory data;
  private final BuildProperties build;

  ConsoleController(
      WeightsCatalog files,
      ModelCatalog models,
      EngineRegistry engines,
      DataDirectory data,
      BuildProperties build) {
    this.files = files;
    this.models = models;
    this.engines = engines;
    this.data = data;
    this.build = build;
  }

  @GetMapping("/console")
  String page(Model page) {
    String address = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
    List<ServedWeights> weights = ServedWeights.all(files, models);
    page.addAttribute("address", address);
    page.addAttribute("weights", weights);
    page.addAttribute("examples", CodeExample.all(address, weights.getFirst().names().getFirst()));
    page.addAttribute("demoKey", demoKey());
    page.addAttribute("figures", figures());
    page.addAttribute("version", build.getVersion());
    return "console/index";
  }

  @GetMapping("/console/engine")
  ResponseEntity<EngineFigures> engine() {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(figures());
  }

  /** Where the demo key lies on the server, or null if there is none. Never the key itself. */
  private @Nullable Path demoKey() {
    Path file = data.file(DemoTenant.KEY_FILE);
    return Files.exists(file) ? file : null;
  }

  private EngineFigures figures() {
    return EngineFigures.of(engines.statistics());
  }
}
