package io.galerne.operations;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the operators' pages.
 *
 * @param importFolder where weights lie that may be added by name; unset, {@code import} in the
 *     data directory
 * @param downloadHosts hosts that weights may be downloaded from; others are not asked
 * @param weightsMax the largest file of weights that is added by a page
 */
@Validated
@ConfigurationProperties("galerne.operations")
record OperationsProperties(
    @Nullable Path importFolder,
    @DefaultValue List<String> downloadHosts,
    @DefaultValue("500GB") DataSize weightsMax) {
  OperationsProperties {
    downloadHosts = List.copyOf(downloadHosts);
  }
}
