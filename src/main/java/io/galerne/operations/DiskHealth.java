package io.galerne.operations;

import io.galerne.database.DataDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The disk below the data directory, and what of the ledger waits there for the database. */
@Component
class DiskHealth {
  private static final Logger log = LoggerFactory.getLogger(DiskHealth.class);

  private final DataDirectory data;

  DiskHealth(DataDirectory data) {
    this.data = data;
  }

  /**
   * The disk now.
   *
   * @param known whether it could be asked; the rest is 0 if not
   * @param journalBytes lines that wait for the database, of all processes in this directory
   */
  record Now(
      boolean known,
      String folder,
      long totalBytes,
      long freeBytes,
      int journals,
      long journalBytes) {
    public int percentUsed() {
      return totalBytes == 0 ? 0 : (int) Math.round(100.0 * (totalBytes - freeBytes) / totalBytes);
    }
  }

  Now now() {
    Path folder = data.dataDirectory().toAbsolutePath().normalize();
    try {
      FileStore store = Files.getFileStore(folder);
      int journals = 0;
      long bytes = 0;
      Path journal = data.file("journal");
      if (Files.isDirectory(journal)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(journal, "*.spool")) {
          for (Path file : files) {
            journals++;
            bytes += size(file);
          }
        }
      }
      return new Now(
          true, folder.toString(), store.getTotalSpace(), store.getUsableSpace(), journals, bytes);
    } catch (IOException e) {
      log.warn("the disk of {} can't be asked: {}", folder, e.toString());
      return new Now(false, folder.toString(), 0, 0, 0, 0);
    }
  }

  /** Another process may delete its journal while this one looks. */
  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
