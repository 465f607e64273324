package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /operator/health}: whether everything that answers depend on is well. */
@Controller
class HealthPage {
  private final PlatformHealth health;
  private final DatabaseHealth database;
  private final DiskHealth disk;

  HealthPage(PlatformHealth health, DatabaseHealth database, DiskHealth disk) {
    this.health = health;
    this.database = database;
    this.disk = disk;
  }

  @GetMapping("/operator/health")
  String page(PlatformOperator operator, Model model) {
    read(model);
    return "operator/health";
  }

  /** The part that is read again every few seconds. */
  @GetMapping("/operator/health/live")
  String live(PlatformOperator operator, Model model) {
    read(model);
    return "operator/health :: live";
  }

  private void read(Model model) {
    model.addAttribute("groups", health.groups());
    model.addAttribute("components", health.components());
    model.addAttribute("process", health.process());
    model.addAttribute("database", database.now());
    model.addAttribute("disk", disk.now());
  }
}
