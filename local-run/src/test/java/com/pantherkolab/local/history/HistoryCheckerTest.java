package com.pantherkolab.local.history;

import static com.pantherkolab.local.history.SmallHistory.call;
import static com.pantherkolab.local.history.SmallHistory.message;
import static com.pantherkolab.local.history.SmallHistory.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.pantherkolab.local.history.Violation.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The checker passes a sound history, and finds and names every violation that is planted in it.
class HistoryCheckerTest {
    private static final Map<Kind, List<Consumer<SmallHistory>>> PLANTED = planted();

    private final SmallHistory history = new SmallHistory();

    @Test
    void aSoundHistoryPassesAndItsDuplicatesAreCounted() {
        Report report = history.check();

        assertThat(report.violations()).isEmpty();
        assertThat(report.counts()).isEqualTo(new Report.Counts(8, 5, 16, 1, 17, 1, 0, 0, 0));
        assertThat(report.text()).contains("8 committed changes", "1 duplicates", "nothing lost");
    }

    @ParameterizedTest
    @EnumSource
    void everyPlantedViolationIsFoundAndNamed(Kind kind) {
        for (Consumer<SmallHistory> plant : PLANTED.getOrDefault(kind, List.of())) {
            SmallHistory planted = new SmallHistory();
            plant.accept(planted);

            Report report = planted.check();

            assertThat(report.count(kind)).as("%s in %s", kind, report.text()).isPositive();
            assertThat(report.isClean()).isFalse();
            assertThat(report.text()).contains(kind.name());
        }
        assertThat(PLANTED).containsKey(kind);
    }

    @Test
    void whatExpiredOrIsListedOrEphemeralMayBeMissing() {
        history.forgetPublished(SmallHistory.RINGING, "/calls/ben");
        history.forgetPublished(SmallHistory.MESSAGE_1, "/chats/ben");
        history.list(SmallHistory.MESSAGE_1, "/chats/ben");
        history.forget(line -> line.contains("\"published\"") && line.contains("read-1"));
        history.listAll("read-1");
        history.forgetPublished(SmallHistory.TYPING, "/chats/ben");

        Report report = history.check();

        assertThat(report.violations()).isEmpty();
        assertThat(report.counts().expired()).isEqualTo(1);
        assertThat(report.counts().listed()).isEqualTo(3);
        assertThat(report.counts().dropped()).isEqualTo(1);
    }

    @Test
    void whatHasNotExpiredYetIsLost() {
        history.forgetPublished(SmallHistory.RINGING, "/calls/ben");
        history.forget(line -> line.contains("\"mark\""));
        history.mark("10:00:30", "the end");

        assertThat(history.check().count(Kind.LOST)).isEqualTo(1);
    }

    @Test
    void aReplayOfWhatIsListedMayComeLate() {
        history.delay(SmallHistory.MESSAGE_1, "/chats/ben");
        assertThat(history.check().count(Kind.OUT_OF_ORDER)).isEqualTo(1);

        history.list(SmallHistory.MESSAGE_1, "/chats/ben");
        assertThat(history.check().violations()).isEmpty();
    }

    @Test
    void theCommandSaysByItsExitCodeWhatItFound(@TempDir Path folder) throws IOException {
        Path sound = Files.write(folder.resolve("sound.jsonl"), history.text());
        history.forgetPublished(SmallHistory.MESSAGE_2, "/chats/ann");
        Path broken = Files.write(folder.resolve("broken.jsonl"), history.text());
        Path none = Files.writeString(folder.resolve("none.jsonl"), "{\"kind\":\"mark\"}\n");

        assertThat(run("--help")).startsWith("0 usage: check-history");
        assertThat(run(sound.toString())).startsWith("0 " + sound + ": sound").contains("8 committed changes");
        assertThat(run(sound.toString(), broken.toString()))
                .startsWith("1 ")
                .contains(broken + ": BROKEN", "LOST 1", "message-2 on /chats/ann");
        assertThat(run(none.toString())).startsWith("2 ").contains("line 1: without at");
        assertThat(run(folder.resolve("absent").toString())).startsWith("2 ").contains("no such file");
        assertThat(run()).startsWith("2 usage");
        assertThat(run("--all")).startsWith("2 usage");
    }

    @Test
    void aLineOfAnUnknownKindIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("h"),
                "{\"kind\":\"mark\",\"at\":\"2026-01-01T10:00:00Z\",\"what\":\"\"}\n{\"kind\":\"x\"}\n");

        UnreadableHistoryException refused = assertThrows(UnreadableHistoryException.class, () -> History.read(file));

        assertThat(refused).hasMessageContaining("line 2");
    }

    private static String run(String... args) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = CheckHistory.run(Arrays.asList(args), out, out);
        return code + " " + said.toString(StandardCharsets.UTF_8);
    }

    private static Map<Kind, List<Consumer<SmallHistory>>> planted() {
        Map<Kind, List<Consumer<SmallHistory>>> planted = new EnumMap<>(Kind.class);
        planted.put(
                Kind.LOST,
                List.of(
                        it -> it.forgetPublished(SmallHistory.MESSAGE_2, "/chats/ben"),
                        it -> it.forgetPublished(SmallHistory.ENDED, "/calls/ann"),
                        it -> it.commit("conversation#c", "silent", told("MESSAGE_SENT", message(3), "/chats/ann"))));
        planted.put(
                Kind.PHANTOM,
                List.of(
                        it -> it.publish("/chats/ben", "unheard-of", "MESSAGE_SENT", message(3)),
                        it -> it.forget(line -> line.contains("\"committed\"")
                                && line.contains("\"" + SmallHistory.MESSAGE_2 + "\""))));
        planted.put(
                Kind.FORGED,
                List.of(
                        it -> it.publish(
                                "/chats/ben",
                                SmallHistory.MESSAGE_1,
                                "MESSAGE_SENT",
                                message(1).replace("hello", "goodbye")),
                        it -> it.publish("/chats/ben", SmallHistory.MESSAGE_1, "MESSAGE_READ", message(1))));
        planted.put(
                Kind.WRONG_RECIPIENT,
                List.of(
                        it -> it.publish("/chats/cleo", SmallHistory.MESSAGE_1, "MESSAGE_SENT", message(1)),
                        it -> it.publish("/calls/cleo", SmallHistory.ENDED, "CALL_ENDED", call(4, "ENDED"))));
        planted.put(
                Kind.OUT_OF_ORDER,
                List.of(
                        it -> it.delay(SmallHistory.MESSAGE_1, "/chats/ben"),
                        it -> it.delay(SmallHistory.CONNECTING, "/calls/ann")));
        planted.put(
                Kind.TWO_IDS,
                List.of(
                        it -> {
                            it.commit("conversation#c", "again", told("MESSAGE_SENT", message(2), "/chats/ben"));
                            it.publish("/chats/ben", "again", "10:00:03");
                        },
                        it -> it.publish("/calls/ben", "again", "CALL_CONNECTING", call(2, "CONNECTING"))));
        planted.put(
                Kind.TWO_OUTCOMES,
                List.of(
                        it -> {
                            it.commit(
                                    "call#s",
                                    "end-2",
                                    told("CALL_CANCELLED", call(5, "ENDED"), "/calls/ann", "/calls/ben"));
                            it.publish("/calls/ann", "end-2", "10:00:03");
                            it.publish("/calls/ben", "end-2", "10:00:03");
                        },
                        it -> it.publish("/calls/ben", "end-2", "CALL_ENDED", call(5, "ENDED")),
                        it -> {
                            it.commit("call#t", "end-t", told("CALL_ENDED", call(1, "ENDED"), "/calls/ann"));
                            it.publish("/calls/ann", "end-t", "10:00:03");
                        }));
        planted.put(
                Kind.AFTER_THE_END,
                List.of(
                        it -> {
                            it.commit(
                                    "call#s",
                                    "late",
                                    told("PARTICIPANT_LEFT", call(5, "ACTIVE"), "/calls/ann", "/calls/ben"));
                            it.publish("/calls/ann", "late", "10:00:03");
                            it.publish("/calls/ben", "late", "10:00:03");
                        },
                        it -> it.delay(SmallHistory.CONNECTING, "/calls/ann")));
        planted.put(
                Kind.SEQUENCE_GAP,
                List.of(
                        it -> {
                            it.commit("conversation#c", "m4", told("MESSAGE_SENT", message(4), "/chats/ann"));
                            it.publish("/chats/ann", "m4", "10:00:03");
                        },
                        it -> it.forget(line -> line.contains(SmallHistory.MESSAGE_1))));
        planted.put(Kind.VERSION_GAP, List.of(it -> it.forget(line -> line.contains(SmallHistory.CONNECTING)), it -> {
            it.commit("call#s", "back", told("CALL_CONNECTING", call(2, "ENDED"), "/calls/ann"));
            it.publish("/calls/ann", "back", "10:00:03");
        }));
        planted.put(
                Kind.SENT_EXPIRED,
                List.of(
                        it -> it.publish("/calls/ben", SmallHistory.RINGING, "10:00:45"),
                        it -> it.publish("/chats/ben", SmallHistory.TYPING, "10:00:06")));
        planted.put(
                Kind.FOREIGN_TOKEN,
                List.of(
                        it -> it.publish(
                                "/calls/ben", SmallHistory.CONNECTED, "CALL_CONNECTED", SmallHistory.join("ann")),
                        it -> it.publish(
                                "/chats/ben",
                                SmallHistory.MESSAGE_1,
                                "MESSAGE_SENT",
                                "{\"content\":\"token-of-ann\"}")));
        planted.put(
                Kind.ACKNOWLEDGED_LOST,
                List.of(
                        it -> it.acknowledge("ann", "send", "{}", "{\"message\":" + message(3) + "}"),
                        it -> it.acknowledge(
                                "ann",
                                "send",
                                "{}",
                                "{\"message\":" + message(2).replace("m2", "m9") + "}"),
                        it -> it.acknowledge("ann", "create", "{}", "{\"conversation\":{\"conversationId\":\"d\"}}"),
                        it -> it.acknowledge("ben", "read", "{\"conversationId\":\"c\"}", "{\"lastReadSequence\":2}"),
                        it -> it.acknowledge(
                                "ben",
                                "accept",
                                "{}",
                                "{\"call\":{\"sessionId\":\"s\",\"version\":2,\"status\":\"ENDED\"}}"),
                        it -> it.acknowledge("ben", "end", "{}", "{\"call\":{\"sessionId\":\"s\",\"version\":9}}")));
        return planted;
    }
}
