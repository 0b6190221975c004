package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Chime SDK Meetings, as far as a call needs it: meetings and attendees are made, read and deleted; nobody can
/// join, for there is no media.
///
/// What it takes from the service's description:
/// - `CreateMeeting` with a `ClientRequestToken` that a living meeting was made with answers that meeting; with
///   other parameters it is a `ConflictException`. Once the meeting is over the token is forgotten, and makes a new
///   one. The service does not say how long it remembers; this is the reading that a caller can rely on least, and
///   therefore the one to be tested against.
/// - An `ExternalUserId` is an idempotency token inside a meeting: the same one again is the same attendee.
/// - A batch holds at most 100 attendees, a meeting 250.
/// - Every end is told to those who asked for it, a deletion too.
///
/// It does not end meetings by itself, as Chime does when nobody is in one, and knows no tags, no features and no
/// transcription.
public final class LocalMeetings implements StandIn {
    static final int MAX_ATTENDEES = 250;

    private static final int MAX_BATCH = 100;
    private static final String JSON = "application/json";
    private static final Pattern TOKEN = Pattern.compile("[-_a-zA-Z0-9]{2,64}");
    private static final Pattern EXTERNAL_ID =
            Pattern.compile("[-_&@+=,(){}\\[\\]/\u00ab\u00bb.:|'\"#a-zA-Z0-9\u00c0-\u00ff\\s]{2,64}");
    private static final Pattern MEDIA_REGION = Pattern.compile("[a-z]{2}-(?:gov-)?[a-z]+-[1-9]");

    /// A meeting.
    ///
    /// @param externalMeetingId the caller's own name for it
    /// @param mediaRegion where its media would be
    public record Meeting(String meetingId, String externalMeetingId, String mediaRegion) {}

    private record Attendee(String attendeeId, String externalUserId, String joinToken, JsonNode capabilities) {}

    private record Room(Meeting meeting, String token, ObjectNode request, Map<String, Attendee> attendees) {}

    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Supplier<URI> endpoint;
    private final List<Consumer<MeetingEnded>> listeners = new CopyOnWriteArrayList<>();
    private volatile MeetingFaultPlan faults = MeetingFaultPlan.NONE;

    /// By meeting id; guarded by this.
    private final Map<String, Room> rooms = new LinkedHashMap<>();

    /// Guarded by this.
    private final Map<String, Integer> made = new HashMap<>();

    LocalMeetings(InstantSource clock, Supplier<UUID> ids, Supplier<URI> endpoint) {
        this.clock = clock;
        this.ids = ids;
        this.endpoint = endpoint;
    }

    /// The meetings that are not over, the oldest first.
    public synchronized List<Meeting> alive() {
        return rooms.values().stream().map(Room::meeting).toList();
    }

    /// How many meetings were ever made under an external id.
    public synchronized int made(String externalMeetingId) {
        return made.getOrDefault(externalMeetingId, 0);
    }

    /// The `ExternalUserId`s of a meeting's attendees; none when it is over.
    public synchronized List<String> attendees(String meetingId) {
        Room room = rooms.get(meetingId);
        return room == null
                ? List.of()
                : room.attendees().values().stream()
                        .map(Attendee::externalUserId)
                        .toList();
    }

    /// Ends a meeting as Chime itself may.
    ///
    /// @return whether it was alive
    public boolean end(String meetingId) {
        Optional<Room> over;
        synchronized (this) {
            over = Optional.ofNullable(rooms.remove(meetingId));
        }
        over.ifPresent(room -> {
            MeetingEnded ended = new MeetingEnded(ids.get(), room.meeting(), clock.instant());
            listeners.forEach(listener -> listener.accept(ended));
        });
        return over.isPresent();
    }

    /// From now on this is told of every meeting that ends, by the thread that ends it.
    public void onEnded(Consumer<MeetingEnded> listener) {
        listeners.add(listener);
    }

    /// From now on things go wrong by this plan; [MeetingFaultPlan#NONE] ends it.
    public void faults(MeetingFaultPlan plan) {
        faults = plan;
    }

    @Override
    public AwsAnswer answer(AwsRequest request) {
        try {
            return answer(Operation.of(request));
        } catch (MeetingsRefusal refusal) {
            return refusal.answer();
        } catch (IllegalArgumentException unreadable) {
            return MeetingsRefusal.badRequest(String.valueOf(unreadable.getMessage()))
                    .answer();
        }
    }

    private AwsAnswer answer(Operation operation) {
        int attendees = operation instanceof Operation.BatchCreateAttendee batch
                ? batch.request().path("Attendees").size()
                : 0;
        return switch (faults.next(operation.getClass().getSimpleName(), attendees)) {
            case MeetingFault.None() -> carryOut(operation, Set.of());
            case MeetingFault.Refused(int status) -> throw MeetingsRefusal.fault(status);
            case MeetingFault.PartialFailure(Set<Integer> indexes) -> carryOut(operation, indexes);
            case MeetingFault.LostResponse() -> carryOut(operation, Set.of()).lost();
        };
    }

    private sealed interface Operation {
        record CreateMeeting(ObjectNode request) implements Operation {}

        record GetMeeting(String meetingId) implements Operation {}

        record DeleteMeeting(String meetingId) implements Operation {}

        record CreateAttendee(String meetingId, ObjectNode request) implements Operation {}

        record BatchCreateAttendee(String meetingId, ObjectNode request) implements Operation {}

        record ListAttendees(String meetingId) implements Operation {}

        record GetAttendee(String meetingId, String attendeeId) implements Operation {}

        record DeleteAttendee(String meetingId, String attendeeId) implements Operation {}

        static Operation of(AwsRequest request) {
            String[] path = request.path().substring(1).split("/", -1);
            boolean batch = "batch-create".equals(request.query().get("operation"));
            return switch (request.method() + " " + shape(path)) {
                case "POST meetings" -> new CreateMeeting(request.json());
                case "GET meetings/*" -> new GetMeeting(path[1]);
                case "DELETE meetings/*" -> new DeleteMeeting(path[1]);
                case "POST meetings/*/attendees" ->
                    batch
                            ? new BatchCreateAttendee(path[1], request.json())
                            : new CreateAttendee(path[1], request.json());
                case "GET meetings/*/attendees" -> new ListAttendees(path[1]);
                case "GET meetings/*/attendees/*" -> new GetAttendee(path[1], path[3]);
                case "DELETE meetings/*/attendees/*" -> new DeleteAttendee(path[1], path[3]);
                default ->
                    throw MeetingsRefusal.badRequest(
                            "Local run has no operation %s %s.".formatted(request.method(), request.path()));
            };
        }

        /// Every second segment is an id.
        private static String shape(String[] path) {
            return String.join(
                    "/",
                    IntStream.range(0, path.length)
                            .mapToObj(index -> index % 2 == 0 ? path[index] : "*")
                            .toList());
        }
    }

    private AwsAnswer carryOut(Operation operation, Set<Integer> faulty) {
        return switch (operation) {
            case Operation.CreateMeeting(ObjectNode request) -> createMeeting(request);
            case Operation.GetMeeting(String id) -> getMeeting(id);
            case Operation.DeleteMeeting(String id) -> deleteMeeting(id);
            case Operation.CreateAttendee(String id, ObjectNode request) -> createAttendee(id, request);
            case Operation.BatchCreateAttendee(String id, ObjectNode request) ->
                batchCreateAttendee(id, request, faulty);
            case Operation.ListAttendees(String id) -> listAttendees(id);
            case Operation.GetAttendee(String id, String attendeeId) -> getAttendee(id, attendeeId);
            case Operation.DeleteAttendee(String id, String attendeeId) -> deleteAttendee(id, attendeeId);
        };
    }

    private synchronized AwsAnswer createMeeting(ObjectNode request) {
        String token = text(request, "ClientRequestToken", TOKEN);
        String externalId = text(request, "ExternalMeetingId", EXTERNAL_ID);
        String region = text(request, "MediaRegion", MEDIA_REGION);
        Optional<Room> first = rooms.values().stream()
                .filter(room -> room.token().equals(token))
                .findFirst();
        if (first.isPresent() && !first.get().request().equals(request)) {
            throw MeetingsRefusal.conflict();
        }
        Room room = first.orElseGet(() -> open(token, request, externalId, region));
        return AwsAnswer.json(200, JSON, meeting(room.meeting()));
    }

    private Room open(String token, ObjectNode request, String externalId, String region) {
        Meeting meeting = new Meeting(ids.get().toString(), externalId, region);
        Room room = new Room(meeting, token, request, new LinkedHashMap<>());
        rooms.put(meeting.meetingId(), room);
        made.merge(externalId, 1, Integer::sum);
        return room;
    }

    private synchronized AwsAnswer getMeeting(String meetingId) {
        return AwsAnswer.json(200, JSON, meeting(room(meetingId).meeting()));
    }

    private AwsAnswer deleteMeeting(String meetingId) {
        if (!end(meetingId)) {
            throw MeetingsRefusal.notFound("Meeting", meetingId);
        }
        return AwsAnswer.empty(204);
    }

    private synchronized AwsAnswer createAttendee(String meetingId, ObjectNode request) {
        Room room = room(meetingId);
        requireRoomFor(room, Set.of(externalUserId(request)));
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.set("Attendee", json(admit(room, request)));
        return AwsAnswer.json(200, JSON, answer);
    }

    private synchronized AwsAnswer batchCreateAttendee(String meetingId, ObjectNode request, Set<Integer> faulty) {
        Room room = room(meetingId);
        List<JsonNode> items = new ArrayList<>(request.path("Attendees").values());
        if (items.isEmpty() || items.size() > MAX_BATCH) {
            throw MeetingsRefusal.badRequest("Attendees must be from 1 to %d.".formatted(MAX_BATCH));
        }
        requireRoomFor(room, items.stream().map(LocalMeetings::externalUserId).collect(Collectors.toSet()));
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode attendees = answer.putArray("Attendees");
        ArrayNode errors = answer.putArray("Errors");
        for (int index = 0; index < items.size(); index++) {
            if (faulty.contains(index)) {
                errors.addObject()
                        .put("ExternalUserId", externalUserId(items.get(index)))
                        .put("ErrorCode", "ServiceFailure")
                        .put("ErrorMessage", "An injected failure");
            } else {
                attendees.add(json(admit(room, items.get(index))));
            }
        }
        return AwsAnswer.json(200, JSON, answer);
    }

    private synchronized AwsAnswer listAttendees(String meetingId) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode attendees = answer.putArray("Attendees");
        room(meetingId).attendees().values().forEach(attendee -> attendees.add(json(attendee)));
        return AwsAnswer.json(200, JSON, answer);
    }

    private synchronized AwsAnswer getAttendee(String meetingId, String attendeeId) {
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.set("Attendee", json(attendee(room(meetingId), attendeeId)));
        return AwsAnswer.json(200, JSON, answer);
    }

    private synchronized AwsAnswer deleteAttendee(String meetingId, String attendeeId) {
        Room room = room(meetingId);
        room.attendees().remove(attendee(room, attendeeId).attendeeId());
        return AwsAnswer.empty(204);
    }

    private Room room(String meetingId) {
        Room room = rooms.get(meetingId);
        if (room == null) {
            throw MeetingsRefusal.notFound("Meeting", meetingId);
        }
        return room;
    }

    private static Attendee attendee(Room room, String attendeeId) {
        Attendee attendee = room.attendees().get(attendeeId);
        if (attendee == null) {
            throw MeetingsRefusal.notFound("Attendee", attendeeId);
        }
        return attendee;
    }

    /// The attendee of that name, made if need be.
    private Attendee admit(Room room, JsonNode item) {
        String user = externalUserId(item);
        return room.attendees().values().stream()
                .filter(attendee -> attendee.externalUserId().equals(user))
                .findFirst()
                .orElseGet(() -> {
                    Attendee attendee =
                            new Attendee(ids.get().toString(), user, joinToken(), item.path("Capabilities"));
                    room.attendees().put(attendee.attendeeId(), attendee);
                    return attendee;
                });
    }

    private static void requireRoomFor(Room room, Set<String> users) {
        long known = room.attendees().values().stream()
                .filter(attendee -> users.contains(attendee.externalUserId()))
                .count();
        if (room.attendees().size() + users.size() - known > MAX_ATTENDEES) {
            throw MeetingsRefusal.limitExceeded();
        }
    }

    private String joinToken() {
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString((ids.get() + ":" + ids.get()).getBytes(StandardCharsets.US_ASCII));
    }

    private static String externalUserId(JsonNode item) {
        String user = text(item, "ExternalUserId", EXTERNAL_ID);
        if (user.regionMatches(true, 0, "aws:", 0, 4)) {
            throw MeetingsRefusal.badRequest("ExternalUserId begins with a reserved prefix.");
        }
        return user;
    }

    private static String text(JsonNode object, String member, Pattern pattern) {
        String value = object.path(member).stringValue("");
        if (!pattern.matcher(value).matches()) {
            throw MeetingsRefusal.badRequest("%s is missing or not of the form %s.".formatted(member, pattern));
        }
        return value;
    }

    private static ObjectNode json(Attendee attendee) {
        ObjectNode json = Json.mapper()
                .createObjectNode()
                .put("ExternalUserId", attendee.externalUserId())
                .put("AttendeeId", attendee.attendeeId())
                .put("JoinToken", attendee.joinToken());
        ObjectNode capabilities = json.putObject("Capabilities");
        for (String medium : List.of("Audio", "Video", "Content")) {
            capabilities.put(medium, attendee.capabilities().path(medium).stringValue("SendReceive"));
        }
        return json;
    }

    private ObjectNode meeting(Meeting meeting) {
        String host = endpoint.get().getAuthority();
        String media = "wss://%s/media/%s".formatted(host, meeting.meetingId());
        ObjectNode answer = Json.mapper().createObjectNode();
        ObjectNode json = answer.putObject("Meeting")
                .put("MeetingId", meeting.meetingId())
                .put("ExternalMeetingId", meeting.externalMeetingId())
                .put("MediaRegion", meeting.mediaRegion())
                .put(
                        "MeetingArn",
                        "arn:aws:chime:%s:%s:meeting/%s"
                                .formatted(LocalAws.REGION, LocalAws.ACCOUNT, meeting.meetingId()));
        json.putArray("TenantIds");
        json.putObject("MediaPlacement")
                .put("AudioHostUrl", host)
                .put("AudioFallbackUrl", media + "/audio")
                .put("SignalingUrl", media + "/control")
                .put("TurnControlUrl", "https://%s/media/turn_sessions".formatted(host))
                .put("ScreenDataUrl", media + "/screen")
                .put("ScreenViewingUrl", media + "/screen/view")
                .put("ScreenSharingUrl", media + "/screen/share")
                .put("EventIngestionUrl", "https://%s/media/client-events".formatted(host));
        return answer;
    }
}
