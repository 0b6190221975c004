package com.pantherkolab.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ListMessagesTest {
    @RegisterExtension
    private final ApiSystem system = new ApiSystem();

    private String conversation = "";

    @BeforeEach
    void aConversationOfAHundredMessages() {
        conversation = system.group("alice", "bob");
        for (int number = 1; number <= 100; number++) {
            system.send("alice", conversation, "message " + number);
        }
    }

    private Reply list(String caller, String... parameters) {
        return system.get(caller, "/api/conversations/" + conversation + "/messages", parameters);
    }

    private static List<Long> sequences(Reply page) {
        return page.body().path("messages").values().stream()
                .map(message -> message.path("sequence").longValue())
                .toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void withoutAPlaceItIsTheNewestAndAscending() {
        Reply page = list("bob");

        assertThat(sequences(page)).isEqualTo(range(51, 100));
        assertThat(page.body().path("hasMore").booleanValue()).isTrue();
        JsonNode message = page.body().path("messages").get(49);
        assertThat(message.path("content").stringValue()).isEqualTo("message 100");
    }

    @ParameterizedTest
    @CsvSource({
        "afterSequence,0,200,1,100,false",
        "afterSequence,0,100,1,100,false",
        "afterSequence,0,99,1,99,true",
        "afterSequence,40,10,41,50,true",
        "afterSequence,99,10,100,100,false",
        "beforeSequence,101,200,1,100,false",
        "beforeSequence,9007199254740991,5,96,100,true",
        "beforeSequence,51,50,1,50,false",
        "beforeSequence,51,49,2,50,true",
        "beforeSequence,2,50,1,1,false"
    })
    void aPageIsReadFromAPlaceOn(String name, String place, String limit, long first, long last, boolean hasMore) {
        Reply page = list("alice", name, place, "limit", limit);

        assertThat(sequences(page)).isEqualTo(range(first, last));
        assertThat(page.body().path("hasMore").booleanValue()).isEqualTo(hasMore);
    }

    @ParameterizedTest
    @CsvSource({"afterSequence,100", "afterSequence,9007199254740991", "beforeSequence,1", "beforeSequence,0"})
    void beyondTheEndsThereIsNothingAndNothingMore(String name, String place) {
        Reply page = list("alice", name, place);

        assertThat(sequences(page)).isEmpty();
        assertThat(page.body().path("hasMore").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"control,\\u0001,true", "quotes,\\\",true", "ascii,x,true", "umlaut,ü,true"})
    void aPageEndsBeforeAMegabyteEncodedWhateverItHolds(String name, String character, boolean hasMore) {
        String big = system.group("alice", "bob");
        int fits = 32 * 1024 / (character.equals("ü") ? 2 : 1);
        for (int number = 0; number < 200; number++) {
            system.send("alice", big, character.repeat(fits));
        }

        Reply page =
                system.get("alice", "/api/conversations/" + big + "/messages", "afterSequence", "0", "limit", "200");

        assertThat(page.status()).as(name).isEqualTo(200);
        assertThat(page.text().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(700_000, 1_000_000);
        assertThat(page.body().path("hasMore").booleanValue()).isEqualTo(hasMore);
        assertThat(sequences(page)).isEqualTo(range(1, sequences(page).size()));
    }

    @Test
    void whereNothingChangedThereIsNothingToSendAgain() {
        Reply page = list("alice", "afterSequence", "90");
        String etag = Objects.requireNonNull(page.headers().get("etag"));
        String path = "/api/conversations/" + conversation + "/messages";

        Reply again = system.getUnless(etag, "alice", path, "afterSequence", "90");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(again.headers()).containsEntry("etag", etag);
        assertThat(system.getUnless("\"x\", W/" + etag, "alice", path, "afterSequence", "90")
                        .status())
                .isEqualTo(304);
        assertThat(system.getUnless(etag, "alice", path, "afterSequence", "91").status())
                .isEqualTo(200);
        assertThat(system.getUnless(etag, "mallory", path, "afterSequence", "90")
                        .status())
                .isEqualTo(404);

        system.send("bob", conversation, "news");
        assertThat(system.getUnless(etag, "alice", path, "afterSequence", "90").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "limit,0,limit",
        "limit,201,limit",
        "limit,ten,limit",
        "afterSequence,-1,afterSequence",
        "afterSequence,1.0,afterSequence",
        "beforeSequence,9007199254740992,beforeSequence",
        "beforeSequence,,beforeSequence"
    })
    void aBadParameterIsNamed(String name, String value, String field) {
        Reply reply = list("alice", name, value == null ? "" : value);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly(field);
    }

    @Test
    void bothDirectionsAtOnceAreRefused() {
        assertThat(list("alice", "afterSequence", "1", "beforeSequence", "9")
                        .body()
                        .path("errors")
                        .findValuesAsString("field"))
                .containsExactly("beforeSequence");
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        Reply stranger = list("mallory");

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(stranger).isEqualTo(system.get("mallory", "/api/conversations/unknown/messages"));
    }
}
