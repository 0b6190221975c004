package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.local.MeteredDynamo.Bill;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What it costs a client to find out what it lacks: 40 conversations of 4 participants, messages of 200
/// characters.
///
/// The figures are those of `PERFORMANCE.md`. They are counted requests and the read units that DynamoDB Local
/// reports, and follow from item sizes: a read unit is 4 KB read strongly consistent.
class ReconnectCostTest {
    private static final int CONVERSATIONS = 40;
    private static final int WITH_NEWS = 5;

    private final EmbeddedDynamo local;
    private final MeteredDynamo dynamo;
    private final ApiSystem system;
    private final List<String> conversations = new ArrayList<>();

    ReconnectCostTest() throws IOException {
        local = EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {});
        dynamo = new MeteredDynamo(local.client());
        system = new ApiSystem(
                new DynamoStateReader(dynamo, DeployedHere.TABLES),
                new DynamoChangeWriter(
                        dynamo,
                        DeployedHere.TABLES,
                        new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep)));
    }

    @BeforeEach
    void fortyConversationsOfThreeMessages() {
        for (int number = 0; number < CONVERSATIONS; number++) {
            String conversation = system.group("alice", "bob", "carol", "dave");
            conversations.add(conversation);
            send(conversation, 3);
        }
        dynamo.bill();
    }

    @AfterEach
    void stop() {
        local.close();
    }

    @Test
    void withoutNewsItIsTheListAlone() {
        Reply list = system.get("alice", "/api/conversations", "limit", "100");

        assertThat(list.body().path("conversations")).hasSize(CONVERSATIONS);
        // 2 for the memberships, 40 for the heads, 20 for the descriptions at half a unit.
        assertThat(dynamo.bill()).isEqualTo(new Bill(3, 62));
    }

    @Test
    void withNewsItIsAPageMoreForEachConversationThatHasSome() {
        conversations.subList(0, WITH_NEWS).forEach(conversation -> send(conversation, 3));
        dynamo.bill();

        Reply list = system.get("alice", "/api/conversations", "limit", "100");
        for (String conversation : conversations.subList(0, WITH_NEWS)) {
            Reply news = system.get(
                    "alice", "/api/conversations/" + conversation + "/messages", "afterSequence", "3", "limit", "200");
            assertThat(news.body().path("messages")).hasSize(3);
        }

        assertThat(list.status()).isEqualTo(200);
        // 2 for each of the five: the conversation, and its messages.
        assertThat(dynamo.bill()).isEqualTo(new Bill(3 + 2 * WITH_NEWS, 62 + 2 * WITH_NEWS));
    }

    @Test
    void whereTheETagStillHoldsItIsTheConversationAlone() {
        String path = "/api/conversations/" + conversations.getFirst() + "/messages";
        Reply page = system.get("alice", path, "afterSequence", "0");
        String etag = String.valueOf(page.headers().get("etag"));
        dynamo.bill();

        assertThat(system.getUnless(etag, "alice", path, "afterSequence", "0").status())
                .isEqualTo(304);
        assertThat(dynamo.bill()).isEqualTo(new Bill(1, 1));
    }

    private void send(String conversation, int messages) {
        for (int number = 0; number < messages; number++) {
            system.send("bob", conversation, "x".repeat(200));
        }
    }
}
