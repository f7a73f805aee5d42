package yolompi.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an option's value to an enum constant, in any case. Each enum has its own subclass. */
abstract class EnumConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final List<E> values;

    EnumConverter(Class<E> type) {
        this.values = List.of(type.getEnumConstants());
    }

    @Override
    public E convert(String text) {
        return values.stream()
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("found '%s', expected one of %s".formatted(text, names())));
    }

    private String names() {
        return values.stream()
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
