package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxEntryTest {
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
