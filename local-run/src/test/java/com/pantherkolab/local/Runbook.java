package com.pantherkolab.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `docs/runbook.md`: its commands as they stand there, and what each is for.
///
/// @param forLocalRun what prepares a terminal for local run
/// @param forAws what prepares one for AWS
/// @param pages in the order of the document
record Runbook(String forLocalRun, String forAws, List<Page> pages) {
    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\S+)$");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
    private static final Pattern WAIT = Pattern.compile("(?m)^Then wait (\\d+) (minutes|hours)\\.$");

    /// The page of an alarm.
    ///
    /// @param alarm its name without the stack's
    /// @param text all of it
    record Page(String alarm, String text) {
        /// How to see the alarm go off in local run; none where the page says why there is none.
        Optional<String> seeIt() {
            return block("See it here");
        }

        /// How long it takes until then.
        Duration waiting() {
            Matcher wait = WAIT.matcher(text);
            if (!wait.find()) {
                return Duration.ZERO;
            }
            int number = Integer.parseInt(wait.group(1));
            return wait.group(2).equals("hours") ? Duration.ofHours(number) : Duration.ofMinutes(number);
        }

        /// What mends it in local run.
        Optional<String> mendIt() {
            return block("Mend it here");
        }

        /// What mends it on AWS.
        Optional<String> mendItOnAws() {
            return block("Mend it on AWS");
        }

        /// Why there is no drill.
        boolean saysWhyThereIsNoDrill() {
            return text.contains("\n**Not drilled here**, because ");
        }

        private Optional<String> block(String title) {
            int from = text.indexOf("\n**%s.**".formatted(title));
            if (from < 0) {
                return Optional.empty();
            }
            int to = text.indexOf("\n**", from + 1);
            Matcher block = BLOCK.matcher(text.substring(from, to < 0 ? text.length() : to));
            return block.find() ? Optional.of(block.group(1)) : Optional.empty();
        }

        @Override
        public String toString() {
            return alarm;
        }
    }

    static Runbook read() {
        String text = new Repository().text(Path.of("docs/runbook.md"));
        List<MatchResult> headings = HEADING.matcher(text).results().toList();
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            int end = i + 1 < headings.size() ? headings.get(i + 1).start() : text.length();
            pages.add(new Page(
                    headings.get(i).group(1), text.substring(headings.get(i).start(), end)));
        }
        List<String> preparing = BLOCK.matcher(
                        text.substring(0, headings.getFirst().start()))
                .results()
                .map(block -> block.group(1))
                .toList();
        return new Runbook(preparing.get(0), preparing.get(1), pages);
    }

    Page page(String alarm) {
        return pages.stream()
                .filter(page -> page.alarm().equals(alarm))
                .findFirst()
                .orElseThrow();
    }
}
