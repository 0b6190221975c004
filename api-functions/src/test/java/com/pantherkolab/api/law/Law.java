package com.pantherkolab.api.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Holds, for every participant, what the committed entries told against what is read back.
///
/// A handler's test has it held after each of its methods by registering its [ApiSystem]; [GeneratedCommands] has
/// it held again and again on the way. It checks what was committed, whoever committed it: a refusal that wrote, an
/// event that one participant was not sent, an event about nothing. It does not check answers, and nothing that
/// nobody is told of by intention: profiles, and other participants' marks in large groups.
public final class Law {
    private final ApiSystem system;
    private final Mistake mistake;
    private final Map<String, ClientState> clients = new TreeMap<>();
    private int heard;

    Law(ApiSystem system, Collection<String> users, Mistake mistake) {
        this.system = system;
        this.mistake = mistake;
        users.forEach(this::client);
    }

    /// Checks everything that was committed, from the first entry on, for everybody whom it concerns.
    ///
    /// @throws AssertionError if what was told and what is read back differ
    public static void holds(ApiSystem system) {
        new Law(system, system.callers(), Mistake.NONE).holdsForEverybody();
    }

    /// Checks it for everybody who called, who was told of something, or whom one of these names as a participant:
    /// who was forgotten altogether is among the last.
    void holdsForEverybody() {
        hear();
        Set<String> checked = new HashSet<>();
        while (!checked.containsAll(clients.keySet())) {
            List.copyOf(clients.keySet()).stream().filter(checked::add).forEach(this::holdsFor);
        }
    }

    /// Checks it for one user.
    void holdsFor(String user) {
        ClientState readBack =
                new ReadBack(system, user, mistake).everything(client(user).endedCalls());
        // Not before: a read may itself commit what has become due.
        hear();
        client(user).forget(readBack);
        assertThat(readBack.snapshot())
                .as("what %s reads back is what the events told", user)
                .isEqualTo(client(user).snapshot());
        readBack.people().forEach(this::client);
    }

    private void hear() {
        List<OutboxEntry> committed = system.committed();
        for (OutboxEntry entry : committed.subList(heard, committed.size())) {
            for (Publication publication : entry.publications()) {
                tell(entry, publication);
            }
        }
        heard = committed.size();
    }

    private void tell(OutboxEntry entry, Publication publication) {
        Set<String> addressed = publication.channels().stream()
                .map(channel -> channel.user().value())
                .collect(Collectors.toSet());
        addressed.forEach(this::client);
        String event = entry.event(publication, entry.timestamp());
        clients.forEach((user, client) -> mistake.hears(
                        user,
                        addressed.contains(user),
                        Json.mapper().readTree(event).asObject())
                .forEach(client::receive));
    }

    private ClientState client(String user) {
        return clients.computeIfAbsent(user, ClientState::new);
    }
}
