package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.local.RunningSystem.User;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is planted in a log is found, wherever in a line it is, and the test fails.
class LogWatchTest {
    private static final Logger OURS = LoggerFactory.getLogger("com.pantherkolab.planted");
    private static final Logger THEIRS = LoggerFactory.getLogger("org.example.planted");
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    private final RunningSystem system = RunningSystem.shared();
    private final User alice = system.signIn("alice-" + RUN);

    @Test
    void theContentOfAMessageThatIsSentIsFoundInAMessageInAValueAndInACause() {
        String conversation = system.conversation(alice, "GROUP", List.of("bob-" + RUN));
        String content = "whatever-is-said-" + RUN;
        system.post(alice, "/api/messages/send", """
                {"conversationId":"%s","content":"%s"}""".formatted(conversation, content));
        system.awaitPublished();
        assertThat(LogWatch.takeFound()).as("what the system itself says").isEmpty();

        OURS.atTrace().log("said {}", content);
        OURS.atDebug().addKeyValue("text", content).log("said");
        THEIRS.warn("failed", new IllegalStateException("outer", new IllegalArgumentException(content)));

        assertThat(LogWatch.takeFound())
                .hasSize(3)
                .allMatch(found -> found.startsWith("a message's content (" + content + "), by "));
    }

    @Test
    void aTokenIsFoundWhoseverItIs() {
        OURS.info("Bearer {}", alice.accessToken());
        THEIRS.info("Bearer {}", alice.idToken());

        assertThat(LogWatch.takeFound()).hasSize(2).allMatch(found -> found.startsWith("a token, by "));
    }

    @Test
    void whatLetsAParticipantIntoAMeetingIsFound() {
        String bob = "bob-" + RUN;
        User callee = system.signIn(bob);
        String call = system.call(alice, bob);
        system.post(callee, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        String token = "";
        for (int look = 0; look < 500 && token.isEmpty(); look++) {
            system.awaitPublished();
            token = system.get(alice, "/api/calls/" + call)
                    .at("attendee")
                    .path("JoinToken")
                    .asString("");
        }
        assertThat(token).isNotEmpty();

        OURS.info("joined with {}", token);

        assertThat(LogWatch.takeFound()).singleElement().asString().startsWith("a join token, by ");
    }

    @Test
    void whatOnlyLooksLikeOneIsNone() {
        OURS.info("digest {} and {}", "a".repeat(128), Base64.getEncoder().encodeToString(new byte[200]));

        assertThat(LogWatch.takeFound()).isEmpty();
    }

    @Test
    void whatLinesHoldAnywayIsNotTakenForContent() {
        LogWatch.knows("{\"content\":\"committed\"}");
        LogWatch.knows("{\"content\":\"/api/messages\"}");

        OURS.atInfo().addKeyValue("route", "POST /api/messages/send").log("committed");

        assertThat(LogWatch.takeFound()).isEmpty();
    }

    @Test
    void whatStandsInAStack_ofFramesOnlyIsNotTakenForContent() {
        LogWatch.knows("{\"content\":\"InAStack_ofFrames\"}");

        OURS.warn("failed", new IllegalStateException("for another reason"));

        assertThat(LogWatch.takeFound()).isEmpty();
    }

    /// Two of a name are no JSON object as deployed: whoever reads it would have one of the values, or none.
    @Test
    void aLineThatCouldNotBeWrittenAsADeploymentWouldIsFound() {
        OURS.atInfo()
                .addKeyValue("eventId", "e-1")
                .addKeyValue("eventId", "e-2")
                .log("published");

        assertThat(LogWatch.takeFound()).singleElement().asString().startsWith("no JSON object");
    }

    @Test
    void aTestDuringWhichSomethingWasFoundFails() {
        OURS.info("Bearer {}", alice.accessToken());

        assertThatThrownBy(LogWatch::hold)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("logged, and must not be: [a token, by com.pantherkolab.planted");
        assertThat(LogWatch.takeFound()).isEmpty();
    }
}
