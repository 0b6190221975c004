package com.pantherkolab.events.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// One mapping of a template and where it stands, for example `Resources.EventsApi.Properties.EventConfig`.
///
/// Every accessor answers empty for a member that is absent and throws a [TemplateException] that names the path
/// for one of another kind. Intrinsic functions are not evaluated: a `!Sub` is a section with the single member
/// `Fn::Sub`, never a text.
///
/// @param path where the mapping stands, for messages; empty for the whole template
/// @param values its members in the order of the file; a nested value is again a map, a list or a
///     scalar
public record Section(String path, Map<String, Object> values) {

    /// Copies the members, in their order.
    public Section {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The member as text.
    public Optional<String> text(String name) {
        return value(name, String.class, "a text");
    }

    /// The member as text, or an error that says what is missing.
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> new TemplateException(at(name) + " is missing"));
    }

    /// The member as a whole number.
    public Optional<Integer> number(String name) {
        return value(name, Integer.class, "a whole number");
    }

    /// The member as true or false.
    public Optional<Boolean> flag(String name) {
        return value(name, Boolean.class, "true or false");
    }

    /// The member as a nested mapping.
    public Optional<Section> section(String name) {
        return Optional.ofNullable(values.get(name)).map(value -> mapping(at(name), value));
    }

    /// The member as a list of mappings; empty when absent.
    public List<Section> sections(String name) {
        List<?> items = list(name);
        return IntStream.range(0, items.size())
                .mapToObj(i -> mapping(at(name) + "[" + i + "]", items.get(i)))
                .toList();
    }

    /// The member as a list of texts; empty when absent.
    public List<String> texts(String name) {
        return list(name).stream()
                .map(item -> expect(String.class, item, at(name), "a list of texts"))
                .toList();
    }

    /// The logical id that the member points to, written as `!Ref Id` or `!GetAtt Id.Attribute`.
    public Optional<String> reference(String name) {
        return section(name)
                .flatMap(it -> it.values.get("Fn::GetAtt") instanceof List<?> attribute
                        ? Optional.of(String.valueOf(attribute.getFirst()))
                        : it.text("Ref"));
    }

    static Section mapping(String path, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException((path.isEmpty() ? "the template" : path) + " must be a mapping");
        }
        var members = new LinkedHashMap<String, Object>();
        map.forEach((key, member) -> {
            // `Key:` with nothing behind it means absent, as it does to CloudFormation.
            if (member != null) {
                members.put(String.valueOf(key), member);
            }
        });
        return new Section(path, members);
    }

    private List<?> list(String name) {
        return value(name, List.class, "a list").map(it -> (List<?>) it).orElse(List.of());
    }

    private <T> Optional<T> value(String name, Class<T> kind, String expected) {
        return Optional.ofNullable(values.get(name)).map(value -> expect(kind, value, at(name), expected));
    }

    private static <T> T expect(Class<T> kind, Object value, String path, String expected) {
        if (!kind.isInstance(value)) {
            throw new TemplateException(path + " must be " + expected);
        }
        return kind.cast(value);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
