package com.pantherkolab.api.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ConversationQueriesTest {
    @RegisterExtension
    private final ApiSystem system = new ApiSystem();

    private Reply list(String caller, String... parameters) {
        return system.get(caller, "/api/conversations", parameters);
    }

    private static List<String> ids(Reply page) {
        return page.body().path("conversations").findValuesAsString("conversationId");
    }

    @Test
    void conversationsComeInTheOrderInWhichTheyWereLastWrittenTo() {
        String quiet = system.group("alice", "bob");
        String busy = system.group("alice", "bob");
        String newest = system.group("bob", "alice");
        system.send("bob", busy, "hello");

        Reply page = list("alice");

        assertThat(ids(page)).containsExactly(busy, newest, quiet);
        assertThat(page.body().has("cursor")).isFalse();
        JsonNode first = page.body().path("conversations").get(0);
        assertThat(first.path("lastSequence").longValue()).isEqualTo(1);
        assertThat(first.path("unreadCount").longValue()).isEqualTo(1);
        assertThat(ids(list("carol"))).isEmpty();
    }

    @Test
    void pagesTogetherAreTheListAndTheLastOneHasNoCursor() {
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 23; number++) {
            expected.addFirst(system.group("alice", "bob"));
        }

        List<String> paged = new ArrayList<>();
        Reply page = list("alice", "limit", "5");
        paged.addAll(ids(page));
        while (page.body().has("cursor")) {
            page = list(
                    "alice", "limit", "5", "cursor", page.body().path("cursor").stringValue());
            paged.addAll(ids(page));
        }

        assertThat(paged).isEqualTo(expected);
    }

    @Test
    void whatMovesOrComesMeanwhileDisturbsNoPage() {
        List<String> old = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
            old.addFirst(system.group("alice", "bob"));
        }
        Reply first = list("alice", "limit", "2");

        system.send("bob", old.get(4), "moved to the top");
        system.group("bob", "alice");
        Reply rest = list(
                "alice", "limit", "100", "cursor", first.body().path("cursor").stringValue());

        assertThat(ids(first)).isEqualTo(old.subList(0, 2));
        assertThat(ids(rest)).containsExactly(old.get(2), old.get(3), old.get(5));
    }

    @Test
    void aCursorThatIsNotExactlyTheCallersOwnIsRefused() {
        for (int number = 0; number < 3; number++) {
            system.group("alice", "bob");
        }
        String cursor = list("alice", "limit", "1").body().path("cursor").stringValue();

        assertThat(list("alice", "cursor", cursor).status()).isEqualTo(200);
        assertThat(list("bob", "cursor", cursor).status()).isEqualTo(400);
        for (int cut = 0; cut < cursor.length(); cut++) {
            char other = cursor.charAt(cut) == 'A' ? 'B' : 'A';
            String damaged = cursor.substring(0, cut) + other + cursor.substring(cut + 1);
            assertThat(list("alice", "cursor", damaged).status()).as(damaged).isEqualTo(400);
            assertThat(list("alice", "cursor", cursor.substring(0, cut)).status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[null,null,null,null]",
                "[\"2026-01-09T23:07:02.000Z\",\"2026-01-09T23:07:02.000Z\",null,\"alice\"]",
                "[]",
                "5"
            })
    void aCursorOfNothingIsRefusedAndBreaksNothing(String payload) {
        String cursor =
                Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8));

        Reply reply = list("alice", "cursor", cursor + ".00000000");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly("cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "1.0", "ten", "", "1,2", "99999999999999999999", "٣"})
    void aBadLimitIsRefused(String limit) {
        Reply reply = list("alice", "limit", limit);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly("limit");
    }

    @Test
    void aConversationIsReadWithTheMarksOfItsParticipants() {
        String conversation = system.group("alice", "bob");
        system.send("alice", conversation, "one");
        system.send("alice", conversation, "two");
        system.markRead("bob", conversation, 1);

        JsonNode alice =
                system.get("alice", "/api/conversations/" + conversation).body().path("conversation");
        JsonNode bob =
                system.get("bob", "/api/conversations/" + conversation).body().path("conversation");

        assertThat(alice.path("readMarks").toString()).isEqualTo("{\"alice\":0,\"bob\":1}");
        assertThat(alice.path("unreadCount").longValue()).isEqualTo(2);
        assertThat(bob.path("lastReadSequence").longValue()).isEqualTo(1);
        assertThat(bob.path("unreadCount").longValue()).isEqualTo(1);
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        String conversation = system.group("alice", "bob");

        Reply stranger = system.get("mallory", "/api/conversations/" + conversation);

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(stranger).isEqualTo(system.get("mallory", "/api/conversations/unknown"));
        assertThat(system.get("alice", "/api/conversations/*").status()).isEqualTo(400);
    }

    @Test
    void creatingADirectConversationAgainTellsWhatTheCallerHasRead() {
        String conversation = system.direct("alice", "bob");
        system.send("alice", conversation, "one");
        system.markRead("bob", conversation, 1);

        JsonNode again = system.post(
                        "bob", "/api/conversations", "{\"type\":\"DIRECT\",\"participantIds\":[\"alice\"]}")
                .body()
                .path("conversation");

        assertThat(again.path("conversationId").stringValue()).isEqualTo(conversation);
        assertThat(again.path("lastReadSequence").longValue()).isEqualTo(1);
        assertThat(again.path("unreadCount").longValue()).isZero();
    }
}
