package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The real, unmodified `aws-amplify` against local run; the tests themselves are in `client/test`.
class AmplifyTest {

    @Test
    void theUnmodifiedAmplifyClientGetsWhatTheContractPromises() throws Exception {
        Node.require();
        RunningSystem system = RunningSystem.shared();

        Node.Finished tests = Node.run(
                List.of("node", "--test", "--test-reporter=tap", "test/amplify.test.mjs"),
                Map.of(
                        "API_URL", system.api().toString(),
                        "EVENTS_URL", amplifyEndpoint(system)));

        assertThat(tests.exitCode()).as(tests.output()).isZero();
        assertThat(count(tests, "pass")).as(tests.output()).isGreaterThanOrEqualTo(12);
        assertThat(count(tests, "skipped")).isZero();
    }

    @Test
    void amplifySendsTheFramesThatTheRawClientOfTheseTestsSends() throws Exception {
        Node.require();

        Node.Finished tests =
                Node.run(List.of("node", "--test", "--test-reporter=tap", "test/frames.test.mjs"), Map.of());

        assertThat(tests.exitCode()).as(tests.output()).isZero();
        assertThat(count(tests, "pass")).isPositive();
    }

    /// With the scheme in capitals Amplify opens `ws:` and not `wss:`.
    static String amplifyEndpoint(RunningSystem system) {
        return system.events().toString().replaceFirst("^http:", "HTTP:");
    }

    private static int count(Node.Finished tests, String what) {
        Matcher line =
                Pattern.compile("^# " + what + " (\\d+)$", Pattern.MULTILINE).matcher(tests.output());
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }
}
