package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxEntryTest {
    private static final Trace TRACE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");

    @Test
    void anEntryReadsBackAsItWasWritten() {
        OutboxEntry entry = Samples.entry("line\nbreak \u0001 \"quoted\" \uD83D\uDE00");

        assertThat(OutboxEntry.fromJson(entry.toJson())).isEqualTo(entry);
    }

    @Test
    void theLargestMessageOfTheContractFitsEvenWhereEveryByteIsEscaped() {
        assertThatNoException().isThrownBy(() -> Samples.entry("\u0001".repeat(32 * 1024)));
    }

    @Test
    void anEventThatAppSyncWouldRefuseForItsSizeCannotBeBuilt() {
        int room = OutboxEntry.MAX_EVENT_BYTES - eventBytes(Samples.entry("x")) + 1;

        assertThat(eventBytes(Samples.entry("x".repeat(room)))).isEqualTo(OutboxEntry.MAX_EVENT_BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.entry("x".repeat(room + 1)))
                .withMessageContaining("240001 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"eventId\":\"e\",\"order\":1,\"timestamp\":\"2026-01-09T23:06:40.120Z\",\"publications\":[]}",
                "{\"aggregate\":\"conversation#c\",\"order\":1,\"timestamp\":\"2026-01-09T23:06:40.120Z\",\"publications\":[]}",
                "{\"aggregate\":\"conversation#c\",\"eventId\":\"e\",\"order\":1,\"publications\":[]}",
                "{\"aggregate\":\"conversation#c\",\"eventId\":\"e\",\"order\":1,\"timestamp\":\"yesterday\",\"publications\":[]}",
                "{\"aggregate\":\"conversation#c\",\"eventId\":\"e\",\"order\":1,\"timestamp\":\"2026-01-09T23:06:40.120Z\","
                        + "\"publications\":[{\"type\":\"NO_SUCH_EVENT\",\"version\":1,\"data\":\"{}\",\"channels\":[\"/chats/a\"]}]}"
            })
    void whatIsNoEntryIsRefusedAsUnreadable(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> OutboxEntry.fromJson(json));
    }

    @Test
    void aPublicationGoesToEachChannelOnceAndToOneAtLeast() {
        Event event = new Event.MessageSent(Samples.message(), null);
        Channel bob = Channel.chats(new UserId("bob"));

        assertThatIllegalArgumentException().isThrownBy(() -> Publication.of(event, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Publication.of(event, List.of(bob, bob)));
    }

    @Test
    void anEntryThatHoldsJoinTokensIsKeptForTwentyFiveHours() {
        Publication connected = publication(new Event.CallConnected(
                Samples.active(),
                Json.mapper().createObjectNode(),
                new Attendee("a-1", "user#bob", "token-of-bob"),
                null));

        assertThat(entry(connected).keptUntil()).isEqualTo(AT.plus(Duration.ofHours(25)));
        assertThat(entry(connected, publication(new Event.ParticipantJoined(Samples.active(), List.of())))
                        .keptUntil())
                .isEqualTo(AT.plus(Duration.ofHours(25)));
    }

    @Test
    void anEntryMayRememberNothingButAKeyAndItsAnswer() {
        OutboxEntry memory =
                new OutboxEntry(Aggregate.call("s1"), "e-1", 0, AT, List.of(), "hash-1", "{\"sessionId\":\"s0\"}");

        assertThat(OutboxEntry.fromJson(memory.toJson())).isEqualTo(memory);
        assertThat(memory.keptUntil()).isEqualTo(AT.plus(Duration.ofDays(7)));
    }

    @Test
    void aTokenIsNotInAnAttendeesText() {
        assertThat(new Attendee("a-1", "user#bob", "token-of-bob").toString())
                .contains("a-1")
                .doesNotContain("token");
    }

    @Test
    void anEntryIsKeptForAWeekAndForAnHourWhereAllOfItIsEphemeral() {
        Publication message = publication(new Event.MessageSent(Samples.message(), null));
        Publication typing = publication(new Event.Typing(true, new UserId("alice"), "c1", AT.plusSeconds(5)));

        assertThat(entry(message).keptUntil()).isEqualTo(AT.plus(Duration.ofDays(7)));
        assertThat(entry(typing).keptUntil()).isEqualTo(AT.plus(Duration.ofHours(1)));
        assertThat(entry(typing, message).keptUntil()).isEqualTo(AT.plus(Duration.ofDays(7)));
        assertThat(entry().keptUntil()).isEqualTo(AT.plus(Duration.ofDays(7)));
    }

    /// What is in tables, streams and failure documents was written by every version that ever was.
    @ParameterizedTest
    @ValueSource(strings = {"outbox-entry", "outbox-entry-before-traces"})
    void anEntryIsReadAndWrittenAsItsGoldenFileSays(String golden) throws IOException {
        OutboxEntry entry = Samples.entry("Hello").tracedBy(golden.endsWith("traces") ? null : TRACE);
        String text = golden(golden);

        assertThat(OutboxEntry.fromJson(text)).isEqualTo(entry);
        assertThat(Json.mapper().readTree(entry.toJson()))
                .isEqualTo(Json.mapper().readTree(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "00-0-0-00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
    void anEntryWithATraceThatIsNoneIsReadWithoutIt(String bad) throws IOException {
        String text = golden("outbox-entry").replace(TRACE.traceparent(), bad);

        assertThat(OutboxEntry.fromJson(text)).isEqualTo(Samples.entry("Hello"));
    }

    @Test
    void aTraceChangesNothingOfWhatIsPublished() {
        OutboxEntry entry = Samples.entry("Hello");
        OutboxEntry traced = entry.tracedBy(TRACE);
        Publication publication = entry.publications().getFirst();

        assertThat(traced.event(publication, AT)).isEqualTo(entry.event(publication, AT));
        assertThat(traced.keptUntil()).isEqualTo(entry.keptUntil());
        assertThat(traced.tracedBy(null)).isEqualTo(entry);
        assertThat(traced.toJson().length() - entry.toJson().length()).isEqualTo(66);
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = OutboxEntryTest.class.getResourceAsStream("/golden/%s.json".formatted(name))) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Publication publication(Event event) {
        return Publication.of(event, List.of(Channel.chats(new UserId("bob"))));
    }

    private static OutboxEntry entry(Publication... publications) {
        return new OutboxEntry(Aggregate.conversation("c1"), "e-1", 1, AT, List.of(publications));
    }

    private static int eventBytes(OutboxEntry entry) {
        return entry.event(entry.publications().getFirst(), entry.timestamp()).getBytes(StandardCharsets.UTF_8).length;
    }
}
