package com.pantherkolab.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.common.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProfileHandlersTest {
    private static final String PATH = "/api/users/me";

    private final MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    @Test
    void aProfileIsTheCallersOwnAndIsToldToNobody() {
        Reply saved = system.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}");

        assertThat(saved.text())
                .isEqualTo("{\"success\":true,\"user\":{\"userId\":\"alice\",\"firstName\":\"Ada\","
                        + "\"lastName\":\"Lovelace\"}}");
        assertThat(store.profile(new UserId("alice"))).isEqualTo(new Profile(new UserId("alice"), "Ada", "Lovelace"));
        assertThat(store.outbox()).isEmpty();
        assertThat(system.get("alice", PATH).text()).isEqualTo(saved.text());
    }

    @Test
    void aNewProfileTakesThePlaceOfTheOneBefore() {
        system.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Byron\"}");
        system.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}");

        assertThat(system.get("alice", PATH)
                        .body()
                        .path("user")
                        .path("lastName")
                        .stringValue())
                .isEqualTo("Lovelace");
    }

    @Test
    void whoNeverSavedOneHasNone() {
        Reply reply = system.get("alice", PATH);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aBadBodyWritesNothing() {
        assertThat(system.call("alice", "PUT", PATH, "{\"firstName\":\"Ada\"}").status())
                .isEqualTo(400);
        assertThat(store.profile(new UserId("alice"))).isNull();
    }
}
