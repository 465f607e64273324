package io.galerne.chat;

import io.galerne.catalog.Capability;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.metering.PriceList;
import io.galerne.metering.Rates;
import io.galerne.metering.ServiceClass;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The models that a tenant's members may choose from. */
@Component
class ChatModels {
  private static final int MICROS_DIGITS = 6;

  private final ModelCatalog catalog;
  private final PriceList prices;
  private final Clock clock;

  ChatModels(ModelCatalog catalog, PriceList prices, Clock clock) {
    this.catalog = catalog;
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * One of them.
   *
   * @param name the shortest of its names, which is its tier's where it is a tier
   * @param weights what really answers
   * @param input what a million tokens of a prompt cost, in the installation's currency
   * @param output what a million tokens of an answer cost
   */
  record Choice(
      String id,
      String name,
      String description,
      String weights,
      int contextTokens,
      double temperature,
      boolean tools,
      BigDecimal input,
      BigDecimal output) {}

  List<Choice> offered(ChatSettings settings) {
    return all().stream()
        .filter(model -> settings.models().isEmpty() || settings.models().contains(model.id()))
        .toList();
  }

  List<Choice> all() {
    return catalog.cards().stream()
        .filter(card -> card.capabilities().contains(Capability.COMPLETION_CHAT))
        .map(this::choice)
        .toList();
  }

  private Choice choice(ModelCard card) {
    Rates rates = prices.priceOf(card.id(), clock.instant()).rates(ServiceClass.REALTIME);
    return new Choice(
        card.id(),
        Stream.concat(Stream.of(card.id()), card.aliases().stream())
            .min(Comparator.comparingInt(String::length))
            .orElse(card.id()),
        card.description(),
        card.profile().name(),
        card.profile().contextTokens(),
        card.defaultTemperature(),
        card.capabilities().contains(Capability.FUNCTION_CALLING),
        BigDecimal.valueOf(rates.input(), MICROS_DIGITS),
        BigDecimal.valueOf(rates.output(), MICROS_DIGITS));
  }
}
