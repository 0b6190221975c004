package com.pantherkolab.local;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import com.pantherkolab.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.context.ApplicationListener;
import tools.jackson.core.JacksonException;

/// Reads every log line of every test here, with all loggers of ours at their most talkative, and fails the test
/// during which one holds what people write to each other or what lets them in; or could not be written as a
/// deployment would write it.
///
/// A token is known by its form, and so is what lets a participant into a meeting. A message's content is known
/// because whoever sends it says so ([#knows]): all that goes out by [RunningSystem] is. What a process of its own
/// logs is not heard.
public final class LogWatch
        implements BeforeAllCallback,
                AfterEachCallback,
                AfterAllCallback,
                ApplicationListener<ApplicationContextInitializedEvent> {
    /// Shorter ones are found in anything.
    private static final int SHORTEST = 5;

    /// What lines hold whatever anybody writes: whoever sends just that is not watched over. Nor is who sends a
    /// single word, for lines are made of words too.
    private static final String SAID_ANYWAY =
            "/api/messages/send /api/messages/typing /api/messages/read /api/conversations /api/users /api/calls";

    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    /// Of those that are known, so many: a line about a message comes soon after it.
    private static final int LATEST = 300;

    private static final Pattern CONTENT =
            Pattern.compile("\"content\"\\s*:\\s*\"([^\"\\\\]{%d,64})".formatted(SHORTEST));
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{90,}");
    private static final Pattern JOIN_TOKEN = Pattern.compile("[0-9a-f-]{36}:[0-9a-f-]{30}.*", Pattern.DOTALL);

    private static final Set<String> CONTENTS = new LinkedHashSet<>();
    private static final List<String> FOUND = new ArrayList<>();
    private static final DeployedLines DEPLOYED = new DeployedLines();
    private static final LogEar EAR;

    static {
        // The console stays as quiet as it is without this.
        System.setProperty("logging.threshold.console", "WARN");
        System.setProperty("logging.level.root", "INFO");
        for (String logger : List.of("", ".api", ".publisher")) {
            System.setProperty("logging.level.com.pantherkolab" + logger, "TRACE");
        }
        EAR = LogEar.open(LogWatch::read);
    }

    /// The start of an application sets logging up anew; its beans are made after this.
    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent started) {
        EAR.listen();
    }

    /// A request's body, of which no log may hold the content.
    static void knows(String body) {
        CONTENT.matcher(body).results().map(found -> found.group(1)).forEach(LogWatch::add);
    }

    private static synchronized void add(String content) {
        if (SAID_ANYWAY.contains(content) || WORD.matcher(content).matches()) {
            return;
        }
        CONTENTS.remove(content);
        CONTENTS.add(content);
        if (CONTENTS.size() > LATEST) {
            CONTENTS.remove(CONTENTS.iterator().next());
        }
    }

    /// What was found since it was last asked.
    static synchronized List<String> takeFound() {
        List<String> found = List.copyOf(FOUND);
        FOUND.clear();
        return found;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // So that what is logged after the last test is not passed over.
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent("the end of all tests", _ ->
                (AutoCloseable) LogWatch::hold);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        hold();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        hold();
    }

    static void hold() {
        List<String> found = takeFound();
        if (!found.isEmpty()) {
            throw new AssertionError("logged, and must not be: " + found);
        }
    }

    private static void read(ILoggingEvent event) {
        String all = everything(event);
        String found = inside(all);
        if (found == null && event.getLoggerName().startsWith("com.pantherkolab")) {
            found = mistakeOf(event);
        }
        if (found != null) {
            synchronized (LogWatch.class) {
                FOUND.add("%s, by %s: %s".formatted(found, event.getLoggerName(), all));
            }
        }
    }

    /// All that any layout could write of a line, but for the frames of a stack: they are names in code, which a
    /// content that is a word of English is easily found in.
    static String everything(ILoggingEvent event) {
        return "%s %s %s %s"
                .formatted(
                        event.getFormattedMessage(),
                        event.getKeyValuePairs(),
                        event.getMDCPropertyMap(),
                        messages(event.getThrowableProxy()));
    }

    /// Of a failure, its causes and what was suppressed.
    private static String messages(@Nullable IThrowableProxy failure) {
        if (failure == null) {
            return "";
        }
        return Stream.concat(
                        Stream.of(String.valueOf(failure.getMessage()), messages(failure.getCause())),
                        Stream.of(failure.getSuppressed()).map(LogWatch::messages))
                .collect(Collectors.joining(" "));
    }

    private static @Nullable String inside(String text) {
        if (TOKEN.matcher(text).find()) {
            return "a token";
        }
        if (BASE64.matcher(text).results().anyMatch(LogWatch::isJoinToken)) {
            return "a join token";
        }
        synchronized (LogWatch.class) {
            return CONTENTS.stream()
                    .filter(text::contains)
                    .findFirst()
                    .map("a message's content (%s)"::formatted)
                    .orElse(null);
        }
    }

    /// As the stand-in of Chime makes them.
    private static boolean isJoinToken(MatchResult base64) {
        String run = base64.group();
        byte[] bytes = Base64.getDecoder().decode(run.substring(0, run.length() / 4 * 4));
        return JOIN_TOKEN
                .matcher(new String(bytes, StandardCharsets.ISO_8859_1))
                .matches();
    }

    private static @Nullable String mistakeOf(ILoggingEvent event) {
        try {
            return Json.mapper().readTree(DEPLOYED.of(event)).isObject() ? null : "no JSON object";
        } catch (JacksonException | IllegalStateException mistake) {
            return "no JSON object (%s)".formatted(mistake.getMessage());
        }
    }
}
