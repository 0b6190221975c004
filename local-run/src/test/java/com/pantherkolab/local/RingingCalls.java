package com.pantherkolab.local;

import com.pantherkolab.local.RunningSystem.User;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// Calls between a user and somebody new, placed when they are asked for: what stands in a body for a call becomes
/// one that still rings, so a body that is refused costs no call, and one that is accepted finds a fresh one.
///
/// Whoever asks finds everything published that the placing of a call has to tell.
final class RingingCalls {
    private final RunningSystem system;
    private final User user;
    private final Map<String, String> placed = new HashMap<>();

    RingingCalls(RunningSystem system, User user) {
        this.system = system;
        this.user = user;
    }

    /// A call that rings at the user.
    String incoming() {
        return ringing(ApiRoutes.INCOMING, () -> system.call(system.signIn(fresh("caller")), user.userId()));
    }

    /// A call that the user has placed and that rings at the other.
    String outgoing() {
        return ringing(ApiRoutes.OUTGOING, () -> system.call(user, fresh("callee")));
    }

    /// A body with calls in the place of what stands for them.
    String filled(String body) {
        String filled = body;
        if (filled.contains(ApiRoutes.INCOMING)) {
            filled = filled.replace(ApiRoutes.INCOMING, incoming());
        }
        if (filled.contains(ApiRoutes.OUTGOING)) {
            filled = filled.replace(ApiRoutes.OUTGOING, outgoing());
        }
        return filled;
    }

    private String ringing(String kind, Supplier<String> place) {
        String before = placed.get(kind);
        if (before != null && rings(before)) {
            return before;
        }
        String call = place.get();
        placed.put(kind, call);
        system.awaitPublished();
        return call;
    }

    private boolean rings(String call) {
        return system.get(user, "/api/calls/" + call)
                .at("call")
                .path("status")
                .stringValue("")
                .equals("RINGING");
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
