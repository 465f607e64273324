package io.galerne.chat;

import io.galerne.signin.Person;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's colour and picture, for its own members. Their addresses change with them. */
@RestController
@RequestMapping("/chat/brand")
class BrandController {
  private static final CacheControl KEPT =
      CacheControl.maxAge(Duration.ofDays(30)).cachePrivate().immutable();

  /** Somebody who opens the picture by itself opens a picture and nothing else. */
  private static final String PICTURE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox";

  private final ChatSettingsRows settings;
  private final Logos logos;

  BrandController(ChatSettingsRows settings, Logos logos) {
    this.settings = settings;
    this.logos = logos;
  }

  @GetMapping("/accent")
  ResponseEntity<String> accent(@AuthenticationPrincipal Person person) {
    String colour = settings.of(person.tenantId()).accent();
    if (colour == null) {
      return ResponseEntity.notFound().build();
    }
    Accent accent = Accent.of(colour);
    return ResponseEntity.ok()
        .cacheControl(KEPT)
        .contentType(MediaType.parseMediaType("text/css;charset=UTF-8"))
        .body(accent.css());
  }

  @GetMapping("/logo")
  ResponseEntity<byte[]> logo(@AuthenticationPrincipal Person person) {
    return logos
        .of(person.tenantId())
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
