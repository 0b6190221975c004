package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A call as everybody in it sees it. It never holds a token: who may join is told to each by themselves.
///
/// Absent values are absent fields.
///
/// @param sessionId its id
/// @param conversationId the conversation it belongs to, where it belongs to one
/// @param initiatedBy who called
/// @param callType with or without a picture
/// @param status how far it is
/// @param endReason why it is over, once it is
/// @param version 1, 2, 3 …, one for each change: of two accounts of a call the higher one counts
/// @param createdAt when it was placed
/// @param ringDeadline until when it rings
/// @param endedAt when it was over
/// @param participants who is in it, the initiator first; fixed at creation
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Call(
        String sessionId,
        @Nullable String conversationId,
        UserId initiatedBy,
        Media callType,
        Status status,
        @Nullable EndReason endReason,
        long version,
        Instant createdAt,
        Instant ringDeadline,
        @Nullable Instant endedAt,
        List<Participant> participants) {

    /// The most participants that a call has.
    public static final int MAX_PARTICIPANTS = 50;

    private static final String VERSION = "version";
    private static final String CALL_VERSION = "callVersion";

    /// What is sent to and fro.
    public enum Media {
        AUDIO,
        VIDEO
    }

    /// How far a call is.
    public enum Status {
        /// Nobody has accepted yet.
        RINGING,
        /// Somebody has, and nobody can hear anybody yet.
        CONNECTING,
        /// There is a meeting.
        ACTIVE,
        /// Over, for good.
        ENDED
    }

    /// Why a call is over.
    public enum EndReason {
        /// Its initiator thought better of it before anybody accepted.
        CANCELLED,
        /// Everybody rejected it.
        REJECTED,
        /// Nobody answered in time.
        MISSED,
        /// Its initiator ended it.
        HANGUP,
        /// At most one was left in it.
        LAST_PARTICIPANT,
        /// So many could not be connected in time that at most one was left.
        FAILED,
        /// The meeting was over, or the call's 24 hours were.
        MEETING_ENDED
    }

    /// A participant's place in a call.
    ///
    /// @param userId who
    /// @param state how far they are
    /// @param deviceId what their front end calls the device that they take part with
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Participant(
            UserId userId, State state, @Nullable String deviceId) {

        /// How far a participant is.
        public enum State {
            RINGING,
            CONNECTING,
            CONNECTED,
            REJECTED,
            MISSED,
            LEFT
        }
    }

    public Call {
        participants = List.copyOf(participants);
    }

    /// A participant's place, if the user has one.
    public Optional<Participant> participant(UserId user) {
        return participants.stream()
                .filter(participant -> participant.userId().equals(user))
                .findFirst();
    }

    /// Whether the user is in it.
    public boolean has(UserId user) {
        return participant(user).isPresent();
    }

    /// Whether it is between two users; with more it is a group's.
    public boolean betweenTwo() {
        return participants.size() == 2;
    }

    /// Everybody in it.
    public List<UserId> users() {
        return participants.stream().map(Participant::userId).toList();
    }

    /// The call in the data of an event about it, which names the version `callVersion`.
    ///
    /// @throws tools.jackson.core.JacksonException if there is none
    public static Call ofEvent(String data) {
        ObjectNode fields = Json.mapper().readTree(data).asObject();
        fields.set(VERSION, fields.path(CALL_VERSION));
        fields.retain(FIELDS);
        return Json.mapper().treeToValue(fields, Call.class);
    }

    private static final List<String> FIELDS = fields();

    private static List<String> fields() {
        List<String> names = new ArrayList<>();
        for (var component : Call.class.getRecordComponents()) {
            names.add(component.getName());
        }
        return names;
    }
}
