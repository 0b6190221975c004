package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What no answer may tell: how the program is made, and where it runs.
final class Internals {
    /// Classes, packages, exceptions, frames of a stack trace, and the words of our libraries' messages.
    private static final Pattern WORDS = Pattern.compile(
            "exception|throwable|stack ?trace|\\bat [\\w.$]+\\(|\\.java\\b|\\bjava[.x]|com[./]pantherkolab|com[./]fasterxml"
                    + "|tools[./]jackson|jackson|software[./]amazon|springframework|jetty|whitelabel|dynamodb|unexpected (character|end)"
                    + "|unrecognized|deserializ|nullpointer|\\bsource: |\\bline: \\d|\\bcolumn: \\d",
            Pattern.CASE_INSENSITIVE);

    private static final List<String> PLACES = Stream.of("user.dir", "user.home", "java.home", "java.io.tmpdir")
            .map(System::getProperty)
            .map(place -> place.toLowerCase(Locale.ROOT))
            // Without a home it is a question mark.
            .filter(place -> place.length() > 3)
            .toList();

    private Internals() {}

    static void assertNoneIn(String answer, String described) {
        assertThat(WORDS.matcher(answer).results().map(match -> match.group()).toList())
                .as("words of the inside in the answer to %s: %s", described, answer)
                .isEmpty();
        assertThat(PLACES)
                .as("places of this machine in the answer to %s: %s", described, answer)
                .noneMatch(place -> answer.toLowerCase(Locale.ROOT).contains(place));
    }
}
