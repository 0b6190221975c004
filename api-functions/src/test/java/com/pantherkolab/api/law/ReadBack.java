package com.pantherkolab.api.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client of one user that knows nothing yet reads, through the routes alone.
///
/// Each kind of state that can be read back has its method here; what is not read back is not held to the law.
final class ReadBack {
    /// Small, so that few messages already are several pages.
    private static final int PAGE = 7;

    private final ApiSystem system;
    private final String user;
    private final Mistake mistake;

    ReadBack(ApiSystem system, String user, Mistake mistake) {
        this.system = system;
        this.user = user;
        this.mistake = mistake;
    }

    /// Reads everything.
    ///
    /// @param endedCalls calls that the user was told the end of: the list leaves those out that have been over for
    /// long
    ClientState everything(Set<String> endedCalls) {
        ClientState state = new ClientState(user);
        conversations(state);
        calls(state, endedCalls);
        return state;
    }

    private void conversations(ClientState state) {
        for (JsonNode listed : list()) {
            String path = "/api/conversations/" + listed.path("conversationId").stringValue();
            JsonNode conversation =
                    mistake.conversation(body(path).path("conversation").asObject());
            ObjectNode withoutMarks = conversation.deepCopy().asObject();
            withoutMarks.remove("readMarks");
            assertThat(withoutMarks).as("listed and read by itself").isEqualTo(listed);
            state.read(conversation, messages(path + "/messages"));
        }
    }

    private void calls(ClientState state, Set<String> endedCalls) {
        Set<String> missing = new TreeSet<>(endedCalls);
        for (JsonNode listed : body("/api/calls").path("calls").values()) {
            JsonNode read = body("/api/calls/" + listed.path("sessionId").stringValue());
            // A deadline may fall between the two.
            if (read.path("call").path("version").equals(listed.path("version"))) {
                assertThat(read.path("call")).as("listed and read by itself").isEqualTo(listed);
            }
            state.readCall(read);
            missing.remove(listed.path("sessionId").stringValue());
        }
        for (String sessionId : missing) {
            Reply read = system.get(user, "/api/calls/" + sessionId);
            if (read.status() == 200) {
                state.readCall(read.body());
            } else {
                assertThat(read.status())
                        .as("%s reads a call of long ago", user)
                        .isEqualTo(404);
                state.readNoCall(sessionId);
            }
        }
    }

    private List<JsonNode> list() {
        List<JsonNode> all = new ArrayList<>();
        String[] from = {};
        while (true) {
            JsonNode page = body("/api/conversations", from);
            all.addAll(page.path("conversations").values());
            if (!page.has("cursor")) {
                return all;
            }
            from = new String[] {"cursor", page.path("cursor").stringValue()};
        }
    }

    private List<JsonNode> messages(String path) {
        List<JsonNode> all = new ArrayList<>();
        long after = 0;
        while (true) {
            JsonNode page = body(path, "afterSequence", String.valueOf(after), "limit", String.valueOf(PAGE));
            all.addAll(mistake.page(List.copyOf(page.path("messages").values())));
            if (!page.path("hasMore").booleanValue()) {
                return all;
            }
            after += page.path("messages").size();
        }
    }

    private JsonNode body(String path, String... parameters) {
        Reply reply = system.get(user, path, parameters);
        assertThat(reply.status())
                .as("%s reads %s %s", user, path, Arrays.toString(parameters))
                .isEqualTo(200);
        return reply.body();
    }
}
