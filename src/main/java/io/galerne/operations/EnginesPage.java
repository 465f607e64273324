package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * {@code /operator/engines}: what the engines of the instance that answers do, second by second.
 */
@Controller
class EnginesPage {
  private final LiveEngines engines;

  EnginesPage(LiveEngines engines) {
    this.engines = engines;
  }

  @GetMapping("/operator/engines")
  String page(PlatformOperator operator, Model model) {
    model.addAttribute("replica", engines.replica());
    return "operator/engines";
  }

  /** Counters and states; the page makes rates of them. */
  @GetMapping("/operator/engines/live")
  @ResponseBody
  LiveEngines.Figures live(PlatformOperator operator) {
    return engines.now(operator);
  }
}
