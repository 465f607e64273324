package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * Tells the document what the code says of records already: a component is always there unless
 * {@link JsonInclude} leaves it out, and may be null only where it is {@link Nullable}.
 */
@SuppressWarnings("rawtypes") // the library's schemas have no type of their own
final class RecordComponents implements ModelConverter {
  @Override
  public boolean isOpenapi31() {
    return true;
  }

  @Override
  public @Nullable Schema resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    Class<?> raw = rawClass(type.getType());
    if (JsonNode.class.isAssignableFrom(raw) || raw == Object.class || raw == RawValue.class) {
      boolean isDescribed = type.getCtxAnnotations() != null && isDescribed(type);
      return isDescribed && chain.hasNext()
          ? chain.next().resolve(type, context, chain)
          : new JsonSchema().specVersion(SpecVersion.V31);
    }
    if (!chain.hasNext()) {
      return null;
    }
    if (raw.isRecord() && raw.getEnclosingClass() != null && type.getName() == null) {
      // two records may each have a Choice of their own
      type.name(raw.getEnclosingClass().getSimpleName() + raw.getSimpleName());
    }
    Schema resolved = chain.next().resolve(type, context, chain);
    if (!raw.isRecord() || resolved == null) {
      return resolved;
    }
    Schema own = definition(resolved, context);
    if (own.getProperties() != null) {
      for (RecordComponent component : raw.getRecordComponents()) {
        describe(own, component, raw);
      }
    }
    return resolved;
  }

  private static boolean isDescribed(AnnotatedType type) {
    for (var annotation : type.getCtxAnnotations()) {
      if (annotation instanceof io.swagger.v3.oas.annotations.media.Schema) {
        return true;
      }
    }
    return false;
  }

  /** The library hands over types of its own mapper, which that mapper knows best. */
  private static Class<?> rawClass(Type type) {
    return Json31.mapper().constructType(type).getRawClass();
  }

  private static Schema definition(Schema resolved, ModelConverterContext context) {
    String ref = resolved.get$ref();
    if (ref == null) {
      return resolved;
    }
    Schema defined = context.getDefinedModels().get(ref.substring(ref.lastIndexOf('/') + 1));
    return defined == null ? resolved : defined;
  }

  private static void describe(Schema schema, RecordComponent component, Class<?> raw) {
    String name = name(component);
    if (!(schema.getProperties().get(name) instanceof Schema property)) {
      return;
    }
    boolean isLeftOut = isLeftOut(component, raw);
    if (!isLeftOut && (schema.getRequired() == null || !schema.getRequired().contains(name))) {
      schema.addRequiredItem(name);
    }
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class) && !isLeftOut) {
      replace(schema, name, orNull(property));
    }
  }

  @SuppressWarnings("unchecked")
  private static void replace(Schema schema, String name, Schema property) {
    schema.getProperties().put(name, property);
  }

  @SuppressWarnings("unchecked")
  private static Schema orNull(Schema property) {
    if (property.getTypes() == null && property.get$ref() == null && property.getAnyOf() == null) {
      return property; // anything
    }
    if (property.getTypes() != null && property.getEnum() == null) {
      property.addType("null");
      return property;
    }
    Schema nothing = new JsonSchema().specVersion(SpecVersion.V31);
    nothing.addType("null");
    List<Schema> either = new ArrayList<>(List.of(property, nothing));
    return new JsonSchema().specVersion(SpecVersion.V31).anyOf(either);
  }

  private static String name(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty() ? component.getName() : named.value();
  }

  private static boolean isLeftOut(RecordComponent component, Class<?> raw) {
    JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
    JsonInclude include = own == null ? raw.getAnnotation(JsonInclude.class) : own;
    return include != null && include.value() != JsonInclude.Include.ALWAYS;
  }
}
