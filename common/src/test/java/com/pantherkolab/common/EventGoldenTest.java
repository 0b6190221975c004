package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The shape of every event that was ever published, one file each: fields are only ever added.
class EventGoldenTest {
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");

    @ParameterizedTest
    @EnumSource
    void everyEventIsPublishedAsItsGoldenFileSays(Event.Type type) throws IOException {
        Event event = sample(type);
        Publication publication = Publication.of(event, List.of(Channel.chats(new UserId("bob"))));
        OutboxEntry entry = new OutboxEntry(Aggregate.conversation("c1"), "0f7a", 1, AT, List.of(publication));

        String published = entry.event(publication, AT.plusMillis(80));

        assertThat(event.eventType()).isEqualTo(type);
        assertThat(Json.mapper().readTree(published)).isEqualTo(Json.mapper().readTree(golden(type)));
    }

    private static Event sample(Event.Type type) {
        return switch (type) {
            case MESSAGE_SENT -> new Event.MessageSent(Samples.message(), "temp-1");
            case USER_TYPING, USER_STOPPED_TYPING ->
                new Event.Typing(type == Event.Type.USER_TYPING, new UserId("alice"), "c1", AT.plusSeconds(5));
            case CONVERSATION_CREATED ->
                new Event.ConversationCreated(new Conversation(
                        "c1",
                        Conversation.Type.GROUP,
                        "Lunch",
                        List.of(new UserId("alice"), new UserId("bob")),
                        new UserId("alice"),
                        AT,
                        0,
                        null));
        };
    }

    private static String golden(Event.Type type) throws IOException {
        String name = "/golden/%s.v%d.json".formatted(type, type.version());
        try (InputStream file = EventGoldenTest.class.getResourceAsStream(name)) {
            assertThat(file).as("golden file %s", name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
