package io.galerne.api;

import io.galerne.files.FileLinks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /files/ID}: what signed links lead to. The signature takes the place of a key. */
@RestController
class FileLinksController {
  private final FileLinks links;
  private final FileDownload download;

  FileLinksController(FileLinks links, FileDownload download) {
    this.links = links;
    this.download = download;
  }

  @GetMapping("/files/{id}")
  void follow(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    FileLinks.Linked linked =
        link(id, request)
            .flatMap(links::follow)
            .orElseThrow(
                () ->
                    new ApiException(
                        HttpStatus.FORBIDDEN,
                        new ErrorEnvelope("The link is not valid, or not any more", "forbidden")));
    response.setHeader("Cache-Control", "private, no-store");
    download.send(linked.tenantId(), linked.file(), response);
  }

  private static Optional<FileLinks.Link> link(String id, HttpServletRequest request) {
    UUID file = QueryReader.uuid(id);
    String expires = request.getParameter("expires");
    String signature = request.getParameter("signature");
    if (file == null || signature == null || expires == null || !expires.matches("\\d{1,11}")) {
      return Optional.empty();
    }
    return Optional.of(new FileLinks.Link(file, Long.parseLong(expires), signature));
  }

  /** Lets links through without a key. */
  @Component
  static class Access {
    @Bean
    @Order(0)
    SecurityFilterChain fileLinkSecurity(HttpSecurity http) {
      return http.securityMatcher("/files/*")
          .csrf(AbstractHttpConfigurer::disable)
          .requestCache(AbstractHttpConfigurer::disable)
          .logout(AbstractHttpConfigurer::disable)
          .sessionManagement(
              session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .build();
    }
  }
}
