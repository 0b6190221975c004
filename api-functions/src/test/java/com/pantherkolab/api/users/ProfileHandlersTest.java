package com.pantherkolab.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileHandlersTest {
    private static final String PATH = "/api/users/me";

    private final MemoryStore store = new MemoryStore();
    private final ProfileHandlers profiles = new ProfileHandlers(
            store,
            new Commands(store, store, new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {})));
    private final Gateway gateway =
            new Gateway(new Edge(new Route("PUT", PATH, profiles::put), new Route("GET", PATH, profiles::get)));

    @Test
    void aProfileIsTheCallersOwnAndIsToldToNobody() {
        Reply saved = gateway.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}");

        assertThat(saved.text())
                .isEqualTo("{\"success\":true,\"user\":{\"userId\":\"alice\",\"firstName\":\"Ada\","
                        + "\"lastName\":\"Lovelace\"}}");
        assertThat(store.profile(new UserId("alice"))).isEqualTo(new Profile(new UserId("alice"), "Ada", "Lovelace"));
        assertThat(store.outbox()).isEmpty();
        assertThat(gateway.call("alice", "GET", PATH, "").text()).isEqualTo(saved.text());
    }

    @Test
    void aNewProfileTakesThePlaceOfTheOneBefore() {
        gateway.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Byron\"}");
        gateway.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}");

        assertThat(gateway.call("alice", "GET", PATH, "")
                        .body()
                        .path("user")
                        .path("lastName")
                        .stringValue())
                .isEqualTo("Lovelace");
    }

    @Test
    void whoNeverSavedOneHasNone() {
        Reply reply = gateway.call("alice", "GET", PATH, "");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aBadBodyWritesNothing() {
        assertThat(gateway.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\"}").status())
                .isEqualTo(400);
        assertThat(store.profile(new UserId("alice"))).isNull();
    }
}
