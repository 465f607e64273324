package io.galerne.console;

import io.galerne.billing.Invoice;
import io.galerne.billing.InvoiceCsv;
import io.galerne.billing.Invoices;
import io.galerne.identity.KeyNames;
import io.galerne.identity.Permission;
import io.galerne.metering.LedgerLine;
import io.galerne.signin.Person;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** {@code /console/invoices}: what each month costs, down to the request. */
@Controller
class InvoicesPage {
  private static final int REQUESTS = 100;

  private final Invoices invoices;
  private final KeyNames keyNames;
  private final Shown shown;
  private final Clock clock;

  InvoicesPage(Invoices invoices, KeyNames keyNames, Shown shown, Clock clock) {
    this.invoices = invoices;
    this.keyNames = keyNames;
    this.shown = shown;
    this.clock = clock;
  }

  @GetMapping("/console/invoices")
  @Needs(Permission.BILLING_READ)
  String list(@AuthenticationPrincipal Person person, Model page) {
    YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    page.addAttribute("open", invoices.invoice(person.tenantId(), month));
    page.addAttribute("month", month);
    page.addAttribute("closed", invoices.closed(person.tenantId()));
    return "console/invoices";
  }

  @GetMapping("/console/invoices/{month}")
  @Needs(Permission.BILLING_READ)
  String invoice(@AuthenticationPrincipal Person person, @PathVariable String month, Model page) {
    Optional<YearMonth> wanted = month(month);
    if (wanted.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    Invoice invoice = invoices.invoice(person.tenantId(), wanted.get());
    page.addAttribute("invoice", invoice);
    page.addAttribute("month", wanted.get());
    page.addAttribute("monthName", shown.month(wanted.get()));
    page.addAttribute("closedAt", shown.when(invoice.closedAt()));
    return "console/invoice";
  }

  @GetMapping("/console/invoices/{month}/csv")
  @Needs(Permission.BILLING_READ)
  ResponseEntity<String> csv(@AuthenticationPrincipal Person person, @PathVariable String month) {
    return month(month)
        .map(
            wanted ->
                ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("text/csv;charset=utf-8"))
                    .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"invoice-" + wanted + ".csv\"")
                    .body(InvoiceCsv.of(invoices.invoice(person.tenantId(), wanted))))
        .orElseGet(() -> ResponseEntity.notFound().build());
  }

  /** The requests behind a line. */
  @GetMapping("/console/invoices/{month}/lines/{line}")
  @Needs(Permission.BILLING_READ)
  String requests(
      @AuthenticationPrincipal Person person,
      @PathVariable String month,
      @PathVariable String line,
      @RequestParam(defaultValue = "") String after,
      Model page) {
    Optional<List<LedgerLine>> found =
        month(month)
            .filter(_ -> line.matches("\\d{1,7}"))
            .flatMap(
                wanted ->
                    invoices.requests(
                        person.tenantId(),
                        wanted,
                        Integer.parseInt(line),
                        after.matches("\\d{1,18}") ? Long.parseLong(after) : 0,
                        REQUESTS + 1));
    if (found.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    List<LedgerLine> requests = found.get();
    page.addAttribute("month", month);
    page.addAttribute("monthName", shown.month(month));
    page.addAttribute("line", line);
    page.addAttribute("requests", requests.subList(0, Math.min(REQUESTS, requests.size())));
    page.addAttribute("more", requests.size() > REQUESTS);
    page.addAttribute(
        "keys",
        keyNames.of(
            person.tenantId(),
            requests.stream().map(LedgerLine::apiKeyId).collect(Collectors.toSet())));
    return "console/invoice-requests";
  }

  private static Optional<YearMonth> month(String text) {
    try {
      return text.matches("20\\d\\d-\\d\\d")
          ? Optional.of(YearMonth.parse(text))
          : Optional.empty();
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
