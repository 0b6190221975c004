package com.pantherkolab.local;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A document in Markdown: what of it speaks of things that exist.
///
/// A list item that begins with "Not yet" speaks of what does not, and is left out.
record Prose(Path file, String text) {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern NOT_YET = Pattern.compile("(?ms)^- Not yet.*?(?=^- |^\\n|^#|\\z)");

    static Prose of(Path file, String text) {
        return new Prose(file, NOT_YET.matcher(text).replaceAll(""));
    }

    /// Something that the document says, and where.
    record Mention(Path file, String said) {
        @Override
        public String toString() {
            return file + ": " + said;
        }
    }

    /// What stands in code font inside a line.
    Stream<Mention> spans() {
        return mentions(SPAN, FENCED.matcher(text).replaceAll(""));
    }

    /// Where the links lead.
    Stream<Mention> links() {
        return mentions(LINK, FENCED.matcher(text).replaceAll(""));
    }

    /// The lines of the shell's blocks.
    Stream<Mention> commands() {
        return FENCED.matcher(text)
                .results()
                .filter(block -> List.of("sh", "bash").contains(block.group(1)))
                .flatMap(block -> block.group(2).replace("\\\n", " ").lines())
                .filter(line -> !line.isBlank())
                .map(line -> new Mention(file, line));
    }

    /// What the first group of a pattern finds anywhere in the document.
    Stream<Mention> mentions(Pattern pattern) {
        return mentions(pattern, text);
    }

    private Stream<Mention> mentions(Pattern pattern, String within) {
        return pattern.matcher(within).results().map((MatchResult found) -> new Mention(file, found.group(1)));
    }
}
