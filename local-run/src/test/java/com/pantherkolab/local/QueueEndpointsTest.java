package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

class QueueEndpointsTest {
    private final RunningSystem system = RunningSystem.shared();

    @Test
    void whatIsLaidIntoAQueueIsReadOneALineCountedAndDeleted() {
        assertThat(post("/local/queues/MissedEventsQueue", "{\"a\":\n 1}").status())
                .isEqualTo(204);
        assertThat(post("/local/queues/MissedEventsQueue", "{\"b\":2}").status())
                .isEqualTo(204);

        assertThat(get("/local/queues/MissedEventsQueue").response().body()).isEqualTo("{\"a\":  1}\n{\"b\":2}\n");
        assertThat(system.status().at("/queues/MissedEventsQueue").longValue()).isEqualTo(2);
        assertThat(post("/local/queues/MissedEventsQueue/redrive", "")
                        .at("moved")
                        .intValue())
                .as("they are nobody's dead letters")
                .isZero();
        assertThat(system.send(system.request("/local/queues/MissedEventsQueue").DELETE())
                        .status())
                .isEqualTo(204);
        assertThat(system.status().at("/queues/MissedEventsQueue").longValue()).isZero();
    }

    @Test
    void aQueueThatIsNotInTheTemplateIsNotFound() {
        assertThat(get("/local/queues/no-such-queue").status()).isEqualTo(404);
        assertThat(post("/local/queues/no-such-queue", "m").status()).isEqualTo(404);
        assertThat(post("/local/queues/no-such-queue/redrive", "").status()).isEqualTo(404);
        assertThat(system.send(system.request("/local/queues/no-such-queue").DELETE())
                        .status())
                .isEqualTo(404);
    }

    private Answer get(String path) {
        return system.send(system.request(path).GET());
    }

    private Answer post(String path, String body) {
        return system.send(system.request(path).POST(BodyPublishers.ofString(body)));
    }
}
