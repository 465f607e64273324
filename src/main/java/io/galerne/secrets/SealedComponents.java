package io.galerne.secrets;

import java.util.List;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.stereotype.Component;

/** Finds the components that are columns of sealed values, wherever they belong. */
final class SealedComponents implements TypeFilter {
  @Override
  public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
    return reader.getAnnotationMetadata().hasAnnotation(Component.class.getName())
        && List.of(reader.getClassMetadata().getInterfaceNames())
            .contains(SealedColumn.class.getName());
  }
}
