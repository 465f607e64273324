package io.galerne.api;

import io.galerne.files.FileStore;
import io.galerne.files.StoredFile;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Sends a file piece by piece, as something to keep and never to show. */
@Component
class FileDownload {
  private final FileStore files;

  FileDownload(FileStore files) {
    this.files = files;
  }

  void send(UUID tenantId, StoredFile file, HttpServletResponse response) throws IOException {
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setContentLengthLong(file.bytes());
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment()
            .filename(file.filename(), StandardCharsets.UTF_8)
            .build()
            .toString());
    try (InputStream content = files.open(tenantId, file)) {
      content.transferTo(response.getOutputStream());
    }
  }
}
