package com.pantherkolab.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// The routes of the API as the contract has them. A route of `template.yaml` that is not here fails
/// [ErrorTableTest].
final class ApiRoutes {
    /// Stands in a body for the id of a conversation that the caller is in.
    static final String CONVERSATION = "<conversation>";

    /// Stands in a body for the caller.
    static final String CALLER = "<caller>";

    /// Stands in a body for a key that was never used.
    static final String KEY = "<key>";

    /// Stands in a body for a call that rings at the caller. It is as long as what takes its place.
    static final String INCOMING = "<a call ringing the caller just now>";

    /// Stands in a body for a call that the caller has placed and that nobody has accepted yet. It is as long as
    /// what takes its place.
    static final String OUTGOING = "<a call that the caller has placed.>";

    static final List<ApiRoute> ALL = List.of(
            new ApiRoute(
                    "POST",
                    "/api/messages/send",
                    "/message/senderId",
                    true,
                    List.of(
                            FieldForm.conversation("conversationId"),
                            FieldForm.content("content", 32 * 1024),
                            FieldForm.oneOf("type", "TEXT", "IMAGE", "VIDEO", "AUDIO", "FILE"),
                            FieldForm.text("mediaUrl", 2048),
                            FieldForm.text("fileName", 255),
                            FieldForm.number("fileSize"),
                            FieldForm.number("duration"),
                            FieldForm.text("replyTo", 64),
                            FieldForm.key("tempId"))),
            new ApiRoute(
                    "POST",
                    "/api/messages/typing",
                    "",
                    false,
                    List.of(FieldForm.conversation("conversationId"), FieldForm.flag("isTyping"))),
            new ApiRoute(
                    "POST",
                    "/api/messages/read",
                    "",
                    false,
                    List.of(FieldForm.conversation("conversationId"), FieldForm.place("sequence"))),
            new ApiRoute(
                    "POST",
                    "/api/conversations",
                    "/conversation/createdBy",
                    true,
                    List.of(
                            FieldForm.oneOf("type", "GROUP").thatIsRequired(),
                            FieldForm.others("participantIds", 1, 89),
                            FieldForm.name("name", 100))),
            new ApiRoute("GET", "/api/conversations", "/conversations/0/createdBy", false, List.of()),
            new ApiRoute("GET", "/api/conversations/{conversationId}", "/conversation/createdBy", false, List.of()),
            new ApiRoute(
                    "GET", "/api/conversations/{conversationId}/messages", "/messages/0/senderId", false, List.of()),
            new ApiRoute(
                    "PUT",
                    "/api/users/me",
                    "/user/userId",
                    false,
                    List.of(
                            FieldForm.name("firstName", 100).thatIsRequired(),
                            FieldForm.name("lastName", 100).thatIsRequired())),
            new ApiRoute("GET", "/api/users/me", "/user/userId", false, List.of()),
            new ApiRoute(
                    "POST",
                    "/api/calls/initiate",
                    "/call/initiatedBy",
                    true,
                    List.of(
                            FieldForm.others("participantIds", 1, 49),
                            FieldForm.oneOf("callType", "AUDIO", "VIDEO").thatIsRequired(),
                            FieldForm.conversationOrNone("conversationId"),
                            FieldForm.text("deviceId", 64))),
            new ApiRoute(
                    "POST",
                    "/api/calls/accept",
                    "/call/participants/1/userId",
                    true,
                    List.of(FieldForm.call("sessionId", INCOMING), FieldForm.text("deviceId", 64))),
            new ApiRoute(
                    "POST",
                    "/api/calls/reject",
                    "/call/participants/1/userId",
                    true,
                    List.of(FieldForm.call("sessionId", INCOMING))),
            new ApiRoute(
                    "POST",
                    "/api/calls/cancel",
                    "/call/initiatedBy",
                    true,
                    List.of(FieldForm.call("sessionId", OUTGOING))),
            new ApiRoute(
                    "POST",
                    "/api/calls/end",
                    "/call/initiatedBy",
                    true,
                    List.of(FieldForm.call("sessionId", OUTGOING))),
            new ApiRoute(
                    "POST",
                    "/api/calls/leave",
                    "/call/participants/1/userId",
                    true,
                    List.of(FieldForm.call("sessionId", INCOMING))),
            new ApiRoute("GET", "/api/calls", "", false, List.of()),
            new ApiRoute("GET", "/api/calls/{sessionId}", "/call/initiatedBy", false, List.of()));

    private ApiRoutes() {}

    /// A route that there need not be, without a body.
    static ApiRoute bare(String method, String path) {
        return new ApiRoute(method, path, "", false, List.of());
    }

    /// Those that take a body.
    static List<ApiRoute> withBody() {
        return ALL.stream().filter(route -> !route.fields().isEmpty()).toList();
    }

    /// A route.
    ///
    /// @param caller where its answer names the caller, as a JSON pointer; empty if it does not
    /// @param keyed whether it remembers an `Idempotency-Key`; the others ignore it
    /// @param fields the fields of its body, none if it takes no body
    record ApiRoute(String method, String path, String caller, boolean keyed, List<FieldForm> fields) {

        /// Its path, with a conversation and a call in the place of what stands for them.
        String pathTo(String conversation, String call) {
            return path.replace("{conversationId}", conversation).replace("{sessionId}", call);
        }

        /// Whether it is about one call.
        boolean isAboutACall() {
            return path.contains("{sessionId}")
                    || fields.stream().anyMatch(field -> field.name().equals("sessionId"));
        }

        /// A good body: every field, by name, as a JSON text.
        Map<String, String> body() {
            return fields.stream()
                    .collect(Collectors.toMap(
                            FieldForm::name, field -> field.good().getFirst(), (one, _) -> one, LinkedHashMap::new));
        }

        /// A good body with one field of another value.
        Map<String, String> bodyWith(String field, String json) {
            Map<String, String> body = body();
            body.put(field, json);
            return body;
        }

        /// A good body but for one field.
        Map<String, String> bodyWithout(String field) {
            Map<String, String> body = body();
            body.remove(field);
            return body;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /// The text of a body.
    static String json(Map<String, String> body) {
        return body.entrySet().stream()
                .map(field -> "\"%s\":%s".formatted(field.getKey(), field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// A body with real things in the place of what stands for them, but for calls: those are [RingingCalls]'.
    static String filled(String body, String conversation, String caller) {
        return body.replace(CONVERSATION, conversation)
                .replace(CALLER, caller)
                .replace(KEY, UUID.randomUUID().toString());
    }
}
