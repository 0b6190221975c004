package com.pantherkolab.local.aws;

import com.pantherkolab.events.template.Section;
import java.util.Set;

/// What of a template's settings is carried out; the rest is refused, so that local run never behaves otherwise
/// than the template says without a word.
final class TemplateSettings {
    private TemplateSettings() {}

    static void requireOnly(Section section, Set<String> known) {
        for (String setting : section.values().keySet()) {
            require(section, setting, known.contains(setting));
        }
    }

    static void require(Section section, String setting, boolean carriedOut) {
        if (!carriedOut) {
            throw new IllegalStateException(
                    "%s.%s has a value that local run does not carry out".formatted(section.path(), setting));
        }
    }
}
