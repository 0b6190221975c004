package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.local.DeployedFunctions.Published;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A call that nobody answers, through the stream of calls and the timers' queue.
abstract class UnansweredCallContract extends FunctionsContract {

    UnansweredCallContract(Supplier<Deployed> place) {
        // Long enough for a busy machine to tell of the call before it has expired.
        super(place, "--ring-timeout-seconds=6");
    }

    @Test
    void itIsEndedByItsReminderAndEverybodyIsTold() {
        Gateway calls = functions.function("callsApi");
        String call = calls.call(
                        alice,
                        "POST",
                        "/api/calls/initiate",
                        "{\"participantIds\":[\"%s\"],\"callType\":\"AUDIO\"}".formatted(bob))
                .body()
                .path("call")
                .path("sessionId")
                .stringValue();

        // Nobody reads the call meanwhile, for a read would end it as well.
        DeployedFunctions.await(() ->
                told(bob, call).contains("CALL_ENDED") && told(alice, call).contains("CALL_ENDED"));

        assertThat(told(bob, call)).containsExactly("INCOMING_CALL", "CALL_ENDED");
        assertThat(told(alice, call)).containsExactly("CALL_RINGING", "CALL_ENDED");
    }

    private List<String> told(String user, String call) {
        return functions.published("/calls/" + user).stream()
                .filter(it -> it.data().path("sessionId").stringValue().equals(call))
                .map(Published::type)
                .toList();
    }
}
