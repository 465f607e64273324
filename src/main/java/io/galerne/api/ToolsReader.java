package io.galerne.api;

import io.galerne.engine.ToolChoice;
import io.galerne.engine.template.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the tools of a request, and how it wants them called. */
final class ToolsReader {
  private static final String CHOICE = "tool_choice";
  static final int TOOLS_MAX = 128;
  static final String NAME_PATTERN = "[a-zA-Z0-9_-]{1,64}";
  static final List<String> CHOICES = List.of("auto", "none", "any", "required");
  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

  /** What a tool takes that says nothing of its parameters. */
  private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

  private final boolean strict;
  private final SchemaSizes sizes;

  ToolsReader(boolean strict, SchemaSizes sizes) {
    this.strict = strict;
    this.sizes = sizes;
  }

  /**
   * Null when something is wrong.
   *
   * @throws ApiException 400 where the choice doesn't fit the tools
   */
  @Nullable RequestedTools read(ObjectReader request) {
    List<ToolDefinition> tools = tools(request);
    boolean parallel = request.flag("parallel_tool_calls", true);
    boolean isNone = isNone(request);
    ToolChoice choice = isNone ? new ToolChoice.Auto() : choice(request);
    if (tools == null || choice == null) {
      return null;
    }
    require(choice, tools);
    return isNone ? RequestedTools.NONE : new RequestedTools(tools, choice, parallel);
  }

  private static boolean isNone(ObjectReader request) {
    JsonNode value = request.value(CHOICE);
    return value != null && value.isString() && value.stringValue().equals("none");
  }

  private static void require(ToolChoice choice, List<ToolDefinition> tools) {
    String wrong =
        switch (choice) {
          case ToolChoice.Auto() -> "";
          case ToolChoice.Any() -> tools.isEmpty() ? "there are no tools to choose from" : "";
          case ToolChoice.Named(String name) ->
              tools.stream().anyMatch(tool -> tool.name().equals(name))
                  ? ""
                  : "no tool is named '" + EchoedInput.text(name) + "'";
        };
    if (!wrong.isEmpty()) {
      throw ApiException.badRequest(
          new ErrorEnvelope(CHOICE + ": " + wrong, ErrorEnvelope.INVALID_REQUEST, CHOICE, null));
    }
  }

  private @Nullable List<ToolDefinition> tools(ObjectReader request) {
    JsonNode value = request.value("tools");
    if (value == null) {
      return List.of();
    }
    if (!request.isList("tools", value, TOOLS_MAX)) {
      return null;
    }
    List<ToolDefinition> tools = new ArrayList<>(value.size());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < value.size() && !request.errors().isFull(); i++) {
      ToolDefinition tool = tool(value.get(i), request.loc("tools", i), request.errors());
      if (tool == null) {
        continue;
      }
      sizes.requireSchema(tool.parameters(), "tools[" + i + "].function.parameters");
      if (!names.add(tool.name())) {
        String field = "tools[" + i + "].function.name";
        throw ApiException.badRequest(
            new ErrorEnvelope(
                field + ": another tool has this name already",
                ErrorEnvelope.INVALID_REQUEST,
                field,
                null));
      }
      tools.add(tool);
    }
    sizes.requireTools(tools);
    return tools.size() == value.size() ? tools : null;
  }

  private @Nullable ToolDefinition tool(JsonNode value, List<Object> loc, FieldErrors errors) {
    ObjectReader tool = ObjectReader.of(value, loc, errors);
    if (tool == null) {
      return null;
    }
    if (strict) {
      tool.refuseOthers(Set.of("type", "function"));
    }
    tool.oneOf("type", List.of("function"));
    ObjectReader function = tool.requiredObject("function");
    if (function == null) {
      return null;
    }
    if (strict) {
      function.refuseOthers(Set.of("name", "description", "parameters", "strict"));
    }
    String name = name(function);
    String description = function.text("description");
    // arguments always fit the parameters, so there is nothing that strict could add
    function.flag("strict");
    if (strict && !function.has("parameters")) {
      function.missing("parameters");
    }
    String parameters =
        function.value("parameters") == null ? NO_PARAMETERS : function.json("parameters");
    return name == null || parameters == null
        ? null
        : new ToolDefinition(name, description == null ? "" : description, parameters);
  }

  private static @Nullable String name(ObjectReader function) {
    String name = function.requiredText("name");
    if (name != null && !NAME.matcher(name).matches()) {
      function
          .errors()
          .add(
              "string_pattern_mismatch",
              function.loc("name"),
              "String should match pattern '^" + NAME_PATTERN + "$'",
              function.value("name"));
      return null;
    }
    return name;
  }

  /** Null when it is not one. */
  private @Nullable ToolChoice choice(ObjectReader request) {
    JsonNode value = request.value(CHOICE);
    if (value == null) {
      return new ToolChoice.Auto();
    }
    if (value.isObject()) {
      return named(request);
    }
    String choice = request.oneOf(CHOICE, CHOICES);
    if (choice == null) {
      return null;
    }
    return choice.equals("auto") ? new ToolChoice.Auto() : new ToolChoice.Any();
  }

  private @Nullable ToolChoice named(ObjectReader request) {
    ObjectReader choice = request.requiredObject(CHOICE);
    if (choice == null) {
      return null;
    }
    if (strict) {
      choice.refuseOthers(Set.of("type", "function"));
    }
    choice.oneOf("type", List.of("function"));
    ObjectReader function = choice.requiredObject("function");
    if (function == null) {
      return null;
    }
    if (strict) {
      function.refuseOthers(Set.of("name"));
    }
    String name = function.requiredText("name");
    return name == null ? null : new ToolChoice.Named(name);
  }
}
