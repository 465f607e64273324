package io.galerne.api;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.serving.Admission;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a format that can't be enforced is called on the wire: which field, where in it, and why.
 */
final class FormatRefusals {
  private static final Pattern IN_A_TOOL = Pattern.compile("/tools/(\\d+)/parameters(.*)");

  private FormatRefusals() {}

  static ApiException of(Admission.FormatRefused refused) {
    String field = field(refused);
    ErrorEnvelope envelope =
        refused.kind() == GrammarException.Kind.VOCABULARY
            ? ErrorEnvelope.unsupported(field, "holding this model to a format")
            : ErrorEnvelope.invalidSchema(
                field + ": " + EchoedInput.text(refused.reason()),
                param(field, refused),
                refused.kind().name().toLowerCase(Locale.ROOT));
    return ApiException.badRequest(envelope);
  }

  private static String field(Admission.FormatRefused refused) {
    return switch (refused.format()) {
      case OutputFormat.JsonSchema _ -> ResponseFormatReader.SCHEMA_FIELD;
      case OutputFormat.ToolCalls _
          when refused.pointer().startsWith(OutputFormat.ToolCalls.OTHERWISE) ->
          ResponseFormatReader.SCHEMA_FIELD;
      case OutputFormat.ToolCalls _ -> {
        Matcher place = IN_A_TOOL.matcher(refused.pointer());
        yield place.matches() ? "tools[" + place.group(1) + "].function.parameters" : "tools";
      }
      case OutputFormat.FreeText _,
          OutputFormat.JsonObject _,
          OutputFormat.Regex _,
          OutputFormat.Choice _ ->
          "response_format";
    };
  }

  /** The field, and behind a # the JSON pointer of the keyword within it. */
  private static String param(String field, Admission.FormatRefused refused) {
    Matcher place = IN_A_TOOL.matcher(refused.pointer());
    String pointer =
        place.matches()
            ? place.group(2)
            : refused.pointer().replaceFirst("^" + OutputFormat.ToolCalls.OTHERWISE, "");
    String keyword = refused.keyword().isEmpty() ? "" : "/" + refused.keyword();
    return EchoedInput.text(field + "#" + pointer + keyword);
  }
}
