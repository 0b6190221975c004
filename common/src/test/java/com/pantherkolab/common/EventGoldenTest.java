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
            case MESSAGE_READ -> new Event.MessageRead("c1", new UserId("bob"), 7, AT);
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
            case CALL_RINGING -> new Event.CallRinging(Samples.ringing());
            case INCOMING_CALL -> new Event.IncomingCall(Samples.ringing(), new UserId("alice"), "Alice Liddell");
            case CALL_CONNECTING -> new Event.CallConnecting(Samples.connecting(), new UserId("bob"), "bobs-phone");
            case CALL_CONNECTED ->
                new Event.CallConnected(
                        Samples.active(),
                        Json.mapper().readTree("{\"MeetingId\":\"m-1\",\"MediaRegion\":\"eu-central-1\"}"),
                        new Attendee("a-1", "user#bob", "token-of-bob"),
                        "bobs-phone");
            case PARTICIPANT_JOINED ->
                new Event.ParticipantJoined(Samples.active(), List.of(new UserId("alice"), new UserId("bob")));
            case PARTICIPANT_LEFT ->
                new Event.ParticipantLeft(
                        Samples.active(),
                        List.of(new UserId("bob")),
                        new UserId("bob"),
                        Event.ParticipantLeft.Reason.FAILED);
            case PARTICIPANT_MISSED ->
                new Event.ParticipantMissed(Samples.active(), List.of(new UserId("carol"), new UserId("dave")), null);
            case CALL_REJECTED -> new Event.CallRejected(Samples.ringing(), new UserId("carol"));
            case CALL_CANCELLED ->
                new Event.CallCancelled(Samples.ended(Call.EndReason.CANCELLED), new UserId("alice"));
            case CALL_ENDED ->
                new Event.CallEnded(Samples.ended(Call.EndReason.HANGUP), new UserId("alice"), Call.EndReason.HANGUP);
        };
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "CALL_RINGING",
                "INCOMING_CALL",
                "CALL_CONNECTING",
                "CALL_CONNECTED",
                "PARTICIPANT_JOINED",
                "PARTICIPANT_LEFT",
                "PARTICIPANT_MISSED",
                "CALL_REJECTED",
                "CALL_CANCELLED",
                "CALL_ENDED"
            })
    void everyEventOfACallTellsTheWholeCall(Event.Type type) {
        Event.OfCall event = (Event.OfCall) sample(type);

        String data =
                Publication.of(event, List.of(Channel.calls(new UserId("bob")))).data();

        assertThat(Call.ofEvent(data)).isEqualTo(event.call());
    }

    private static String golden(Event.Type type) throws IOException {
        String name = "/golden/%s.v%d.json".formatted(type, type.version());
        try (InputStream file = EventGoldenTest.class.getResourceAsStream(name)) {
            assertThat(file).as("golden file %s", name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
