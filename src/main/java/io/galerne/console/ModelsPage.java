package io.galerne.console;

import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.serving.EngineRegistry;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /console/models}: the weights that answer, the names they go by, and the engine. */
@Controller
class ModelsPage {
  private final WeightsCatalog files;
  private final ModelCatalog models;
  private final EngineRegistry engines;
  private final BuildProperties build;

  ModelsPage(
      WeightsCatalog files, ModelCatalog models, EngineRegistry engines, BuildProperties build) {
    this.files = files;
    this.models = models;
    this.engines = engines;
    this.build = build;
  }

  @GetMapping("/console/models")
  @ForEverybody
  String page(Model page) {
    page.addAttribute("weights", ServedWeights.all(files, models));
    page.addAttribute("figures", figures());
    page.addAttribute("version", build.getVersion());
    return "console/models";
  }

  @GetMapping("/console/engine")
  @ForEverybody
  ResponseEntity<EngineFigures> engine() {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(figures());
  }

  private EngineFigures figures() {
    return EngineFigures.of(engines.statistics());
  }
}
