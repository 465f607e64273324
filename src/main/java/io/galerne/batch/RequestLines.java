package io.galerne.batch;

import io.galerne.catalog.Resolution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads requests from JSON Lines as the bytes come, one line in memory at a time, and gathers what
 * is wrong with them under the numbers of their lines. Of each custom id it keeps a hash, so that
 * it knows one that comes again. For one thread.
 */
public final class RequestLines {
  private static final int PROBLEMS_MAX = 20;
  private static final int CUSTOM_ID_MAX = 512;
  private static final int DEPTH_MAX = 100;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final JsonMapper mapper;
  private final MessageDigest digest;
  private final Function<String, Resolution> models;
  private final int linesMax;
  private final int lineBytesMax;
  private final Consumer<RequestLine> target;
  private final List<LineProblem> problems = new ArrayList<>();
  private final Set<UUID> customIds = new HashSet<>();
  private byte[] line = new byte[1024];
  private int length;
  private boolean tooLong;
  private boolean stopped;
  private int number = 1;
  private int requests;

  /**
   * @param models what a name means to whoever asks
   * @param target gets each good line
   */
  RequestLines(
      BatchProperties limits, Function<String, Resolution> models, Consumer<RequestLine> target) {
    this.models = models;
    this.linesMax = limits.linesMax();
    this.lineBytesMax = Math.toIntExact(limits.lineSizeMax().toBytes());
    this.target = target;
    this.mapper = mapper(lineBytesMax);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static JsonMapper mapper(int stringMax) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(stringMax)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }

  /** Requests that were read so far, good or not. */
  public int requests() {
    return requests;
  }

  /** What was wrong, as much of it as is worth telling. */
  public List<LineProblem> problems() {
    return List.copyOf(problems);
  }

  /** Takes the next bytes; what comes after too many problems is not looked at. */
  public void accept(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count && !isFull(); i++) {
      byte value = bytes[i];
      if (value == '\n') {
        endLine();
      } else if (length == lineBytesMax) {
        tooLong = true;
      } else {
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(2 * length, lineBytesMax));
        }
        line[length++] = value;
      }
    }
  }

  /** There are no more bytes. */
  public void end() {
    if (!isFull()) {
      endLine();
    }
    if (requests == 0 && problems.isEmpty()) {
      number = 1;
      add("", "value_error", "the file has no requests");
    }
  }

  private boolean isFull() {
    return stopped || problems.size() >= PROBLEMS_MAX;
  }

  private void endLine() {
    if (tooLong) {
      requests++;
      add("", "too_long", "the line is longer than " + lineBytesMax + " bytes");
    } else if (!isBlank()) {
      requests++;
      if (requests > linesMax) {
        add("", "too_long", "a file has at most " + linesMax + " requests");
        stopped = true;
      } else {
        read();
      }
    }
    number++;
    length = 0;
    tooLong = false;
  }

  private boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private void read() {
    boolean marked = number == 1 && length >= 3 && Arrays.equals(line, 0, 3, BYTE_ORDER_MARK, 0, 3);
    int from = marked ? BYTE_ORDER_MARK.length : 0;
    JsonNode node;
    try {
      node = mapper.readTree(line, from, length - from);
    } catch (JacksonException e) {
      add("", "json_invalid", "invalid JSON: " + brief(e.getOriginalMessage()));
      return;
    } catch (NumberFormatException e) {
      add("", "json_invalid", "invalid JSON: a number's exponent has too many digits");
      return;
    }
    if (!node.isObject()) {
      add("", "dict_type", "the line should be a JSON object");
      return;
    }
    RequestLine request = request(node);
    if (request != null) {
      target.accept(request);
    }
  }

  private @Nullable RequestLine request(JsonNode node) {
    int before = problems.size();
    String customId = customId(node.get("custom_id"));
    JsonNode body = node.get("body");
    if (body == null || body.isNull()) {
      add("body", "missing", "body is missing");
    } else if (!body.isObject()) {
      add("body", "dict_type", "body should be a JSON object");
    } else if (!isUnicode(body.toString())) {
      add("body", "string_unicode", "body holds half a character");
    } else {
      checkModel(body.get("model"));
    }
    JsonNode url = node.get("url");
    if (url != null && !url.isNull() && !url.isString()) {
      add("url", "string_type", "url should be a string");
    }
    if (body == null || problems.size() > before) {
      return null;
    }
    JsonNode model = body.get("model");
    return new RequestLine(
        number,
        customId,
        model == null || model.isNull() ? null : model.stringValue(),
        url == null || url.isNull() ? null : url.stringValue(),
        body.toString());
  }

  private @Nullable String customId(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      add("custom_id", "missing", "custom_id is missing");
      return null;
    }
    if (!value.isString()) {
      add("custom_id", "string_type", "custom_id should be a string");
      return null;
    }
    String id = value.stringValue();
    if (id.isEmpty() || id.length() > CUSTOM_ID_MAX || !isStorable(id)) {
      add(
          "custom_id",
          "value_error",
          "custom_id should have 1 to " + CUSTOM_ID_MAX + " characters of text");
      return null;
    }
    if (!customIds.add(hash(id))) {
      add("custom_id", "value_error", "custom_id '" + brief(id) + "' was used before");
      return null;
    }
    return id;
  }

  private void checkModel(@Nullable JsonNode model) {
    if (model == null || model.isNull()) {
      return;
    }
    if (!model.isString()) {
      add("body.model", "string_type", "model should be a string");
    } else if (models.apply(model.stringValue()) instanceof Resolution.Unknown(String name)) {
      add("body.model", "value_error", "Invalid model: " + brief(name));
    }
  }

  private UUID hash(String id) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8)));
    return new UUID(hash.getLong(), hash.getLong());
  }

  private void add(String field, String type, String message) {
    if (!isFull()) {
      problems.add(new LineProblem(number, field, type, message));
    }
  }

  private static String brief(String text) {
    String cut = text.length() <= 200 ? text : text.substring(0, 200) + "...";
    return isUnicode(cut) ? cut : "?";
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** PostgreSQL's text holds no zero character. */
  private static boolean isStorable(String text) {
    return isUnicode(text) && text.indexOf(0) < 0;
  }
}
