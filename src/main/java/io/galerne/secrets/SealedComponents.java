package io.galerne.secrets;

import java.util.Set;
import java.util.stream.Stream;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.stereotype.Component;

/** Finds the components that hold sealed values or watch over them, wherever they belong. */
final class SealedComponents implements TypeFilter {
  private static final Set<String> WANTED =
      Set.of(SealedColumn.class.getName(), RotationWitness.class.getName());

  @Override
  public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
    return reader.getAnnotationMetadata().hasAnnotation(Component.class.getName())
        && Stream.of(reader.getClassMetadata().getInterfaceNames()).anyMatch(WANTED::contains);
  }
}
