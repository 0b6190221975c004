package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.pantherkolab.local.StreamFunction.NotInvoked;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An invocation of the publisher that dies half-way.
class PublisherCrashesTest {
    private static final int RECORDS = 10;

    private int coldStarts;
    private final PublisherCrashes crashes = new PublisherCrashes(() -> coldStarts++);

    @Test
    void anInvocationDiesAfterSomeOfItsRequestsWithoutAnAnswer() {
        crashes.plan(new PublisherCrashes.Plan(1, 7));
        List<Integer> sent = new ArrayList<>();

        for (int invocation = 0; invocation < 50; invocation++) {
            assertThatThrownBy(() -> invoke(sent, RECORDS)).isInstanceOf(IllegalStateException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        assertThat(sent).allMatch(number -> 1 <= number && number <= RECORDS).contains(1, RECORDS);
        assertThat(coldStarts).isEqualTo(50);
    }

    @Test
    void oneThatIsDoneBeforeThatDiesOnTheWayToItsAnswer() {
        crashes.plan(new PublisherCrashes.Plan(1, 7));

        assertThatThrownBy(() -> invoke(new ArrayList<>(), 0)).hasMessage("the invocation died");
        assertThat(coldStarts).isEqualTo(1);
    }

    @Test
    void theSameSeedKillsTheSameInvocationsAndNoneDiesWhenThatIsOver() throws NotInvoked {
        List<Boolean> once = deaths(3);
        List<Boolean> again = deaths(3);

        assertThat(again).isEqualTo(once).contains(true, false);
        assertThat(deaths(4)).isNotEqualTo(once);
        crashes.clear();
        for (int invocation = 0; invocation < 50; invocation++) {
            invoke(new ArrayList<>(), RECORDS);
        }
    }

    @Test
    void anInterruptionThatIsNotItsOwnIsLeftAlone() {
        crashes.plan(new PublisherCrashes.Plan(1, 7));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> invoke(new ArrayList<>(), 0)).isInstanceOf(IllegalStateException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    private List<Boolean> deaths(long seed) throws NotInvoked {
        crashes.plan(new PublisherCrashes.Plan(0.3, seed));
        List<Boolean> deaths = new ArrayList<>();
        for (int invocation = 0; invocation < 50; invocation++) {
            try {
                invoke(new ArrayList<>(), RECORDS);
                deaths.add(false);
            } catch (IllegalStateException died) {
                deaths.add(true);
            }
        }
        return deaths;
    }

    /// A publisher of so many requests, which stops when it is interrupted and tells how many it sent.
    private void invoke(List<Integer> sent, int requests) throws NotInvoked {
        StreamFunction publisher = (_, _) -> {
            int number = 0;
            while (number < requests && !Thread.currentThread().isInterrupted()) {
                crashes.accepted("/chats/ann", List.of("{}"));
                number++;
            }
            sent.add(number);
            return new StreamsEventResponse(List.of());
        };
        DynamodbEvent batch = new DynamodbEvent();
        batch.setRecords(Collections.nCopies(RECORDS, new DynamodbStreamRecord()));
        crashes.around(publisher)
                .invoke(batch, new LocalContext("streamPublisher", "1", Instant.MAX, Clock.systemUTC()));
    }
}
