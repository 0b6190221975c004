package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls that outlive the process which placed them.
class RestoredCallsTest {
    @Test
    void aCallThatRangAndOneThatWasConnectedEndByThemselvesAfterARestart(@TempDir Path folder) throws Exception {
        String[] kept = {"--local.data-dir=" + folder, "--ring-timeout-seconds=2", "--connect-timeout-seconds=2"};
        String ringing;
        String active;
        try (RunningSystem before = RunningSystem.start(kept)) {
            User alice = before.signIn("alice");
            active = initiate(before, alice, "carol");
            assertThat(before.post(
                                    before.signIn("carol"),
                                    "/api/calls/accept",
                                    "{\"sessionId\":\"%s\"}".formatted(active))
                            .status())
                    .isEqualTo(200);
            await(before, active, "ACTIVE");
            ringing = initiate(before, alice, "bob");
        }
        try (RunningSystem after = RunningSystem.start(kept)) {
            await(after, active, "ENDED");
            await(after, ringing, "ENDED");
        }
    }

    private static String initiate(RunningSystem system, User caller, String other) {
        return system.post(
                        caller,
                        "/api/calls/initiate",
                        "{\"callType\":\"AUDIO\",\"participantIds\":[\"%s\"]}".formatted(other))
                .at("call")
                .path("sessionId")
                .stringValue();
    }

    /// Looks into the table: a read through the API would itself commit a deadline.
    private static void await(RunningSystem system, String call, String status) throws InterruptedException {
        Instant giveUp = Instant.now().plusSeconds(20);
        while (system.items("CallsTable").stream()
                .noneMatch(item -> item.toString().contains("call#" + call)
                        && item.toString().contains("\"status\":\"%s\"".formatted(status)))) {
            assertThat(Instant.now()).as("%s is not %s", call, status).isBefore(giveUp);
            Thread.sleep(Duration.ofMillis(50));
        }
    }
}
