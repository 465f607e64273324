package io.galerne.chat;

import io.galerne.signin.Person;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * A tenant's colour and picture: for its own members, and by its chat's path for whoever is on the
 * way to it. Their addresses change with them.
 */
@RestController
class BrandController {
  private static final CacheControl KEPT =
      CacheControl.maxAge(Duration.ofDays(30)).cachePrivate().immutable();

  /** Somebody who opens the picture by itself opens a picture and nothing else. */
  private static final String PICTURE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox";

  private final ChatSettingsRows settings;
  private final Logos logos;
  private final ChatBrands brands;

  BrandController(ChatSettingsRows settings, Logos logos, ChatBrands brands) {
    this.settings = settings;
    this.logos = logos;
    this.brands = brands;
  }

  @GetMapping(ChatBrands.PATH + "/{slug:[a-z0-9-]+}/accent")
  ResponseEntity<String> accentOf(@PathVariable String slug) {
    return brands.tenant(slug).map(this::accent).orElseGet(() -> ResponseEntity.notFound().build());
  }

  @GetMapping(ChatBrands.PATH + "/{slug:[a-z0-9-]+}/logo")
  ResponseEntity<byte[]> logoOf(@PathVariable String slug) {
    return brands.tenant(slug).map(this::logo).orElseGet(() -> ResponseEntity.notFound().build());
  }

  @GetMapping("/chat/brand/accent")
  ResponseEntity<String> accent(@AuthenticationPrincipal Person person) {
    return accent(person.tenantId());
  }

  private ResponseEntity<String> accent(UUID tenant) {
    String colour = settings.of(tenant).accent();
    if (colour == null) {
      return ResponseEntity.notFound().build();
    }
    Accent accent = Accent.of(colour);
    return ResponseEntity.ok()
        .cacheControl(KEPT)
        .contentType(MediaType.parseMediaType("text/css;charset=UTF-8"))
        .body(accent.css());
  }

  @GetMapping("/chat/brand/logo")
  ResponseEntity<byte[]> logo(@AuthenticationPrincipal Person person) {
    return logo(person.tenantId());
  }

  private ResponseEntity<byte[]> logo(UUID tenant) {
    return logos
        .of(tenant)
        .map(
            logo ->
                ResponseEntity.ok()
                    .cacheControl(KEPT)
                    .header("Content-Security-Policy", PICTURE_POLICY)
                    .header("X-Content-Type-Options", "nosniff")
                    .contentType(MediaType.parseMediaType(logo.type()))
                    .body(logo.bytes()))
        .orElseGet(() -> ResponseEntity.notFound().build());
  }
}
