package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.ReplayAnswer.Planned;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a replay does with what its source holds, over the publisher's own lanes, in virtual time.
class ReplayTest {
    private static final Duration LONG = Duration.ofMinutes(14);
    private static final Channel BOBS_CALLS = Channel.calls(new UserId("bob"));

    private final VirtualTime time = new VirtualTime();
    private final FakeAppSync appSync = new FakeAppSync();
    private final MemoryParkedEvents parked = new MemoryParkedEvents();
    private final ScriptedSource source = new ScriptedSource(10);
    private Optional<Instant> live = Optional.of(VirtualTime.START);
    private final Replay replay = new Replay(
            source,
            place -> Samples.lanes(Samples.retrying(appSync, time), place, _ -> {}, Ledger.NONE, time),
            parked,
            _ -> live,
            time,
            time);

    // ------------------------------------------------------------------------------------------ what goes out

    @Test
    void everythingIsPublishedAgainUnderTheSameIdsInTheSourcesOrder() throws Exception {
        source.add(messages(25));

        Replayed answer = run("{'source':'stream'}");

        assertThat(answer.done()).isTrue();
        assertThat(answer.resume()).isNull();
        assertThat(answer.summary().published()).isEqualTo(50);
        assertThat(answer.summary().considered()).isEqualTo(50);
        assertThat(answer.summary().events()).isEqualTo(25);
        assertThat(heard(ALICE)).isEqualTo(heard(BOB)).containsExactlyElementsOf(ids(1, 25));
    }

    @Test
    void whatWasReplayedOnceIsReplayedAgainForThereIsNoLedger() throws Exception {
        source.add(messages(3));

        run("{'source':'stream'}");
        run("{'source':'stream'}");

        assertThat(heard(ALICE)).hasSize(6);
    }

    @Test
    void noPhoneRingsPastItsRingDeadline() throws Exception {
        Instant now = VirtualTime.START;
        source.add(ringing("c1", now.minusMillis(1)), ringing("c2", now), ringing("c3", now.plusSeconds(1)));

        Replayed answer = run("{'source':'table'}");

        assertThat(appSync.taken()).extracting(FakeAppSync.Taken::id).containsExactly("c3");
        assertThat(answer.summary().expired()).isEqualTo(2);
        assertThat(answer.summary().published()).isEqualTo(1);
    }

    @Test
    void whatExpiresWhileItIsTriedIsNotSentLater() throws Exception {
        appSync.weather(_ -> Behaviour.status(503, "ServiceUnavailable"));
        source.add(ringing("c1", VirtualTime.START.plusSeconds(5)));

        Replayed answer = run("{'source':'table'}");

        assertThat(answer.done()).isTrue();
        assertThat(answer.summary().expired()).isEqualTo(1);
        assertThat(appSync.taken()).isEmpty();
    }

    @Test
    void whatIsRefusedAgainIsParkedAndCounted() throws Exception {
        appSync.weather(request -> request.channel().equals(BOB)
                ? Behaviour.status(400, "BadRequestException")
                : Behaviour.acknowledge(request.events().size()));
        source.add(messages(2));

        Replayed answer = run("{'source':'failures'}");

        assertThat(answer.summary().published()).isEqualTo(2);
        assertThat(answer.summary().parked()).isEqualTo(2);
        assertThat(parked.latest()).hasSize(2);
    }

    @Test
    void whatCannotBeReadOrIsGoneIsCountedAndHoldsNothingUp() throws Exception {
        source.add(new Replayable.Unreadable()).add(new Replayable.Missing()).add(messages(1));

        ReplaySummary summary = run("{'source':'parked'}").summary();

        assertThat(summary.unreadable()).isEqualTo(1);
        assertThat(summary.missing()).isEqualTo(1);
        assertThat(summary.published()).isEqualTo(2);
        assertThat(summary.considered()).isEqualTo(4);
    }

    // ------------------------------------------------------------------------------------------ filters

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'source':'stream','users':['bob']}                              | a1 c1 b1",
                "{'source':'stream','conversations':['a']}                        | a1 a1",
                "{'source':'stream','calls':['c1']}                               | c1",
                "{'source':'stream','calls':['c1'],'conversations':['b']}         | c1 b1",
                "{'source':'stream','types':['INCOMING_CALL']}                    | c1",
                "{'source':'stream','types':['MESSAGE_SENT'],'users':['alice']}   | a1",
                "{'source':'stream','from':'2026-01-09T23:06:39.880Z'}            | a1 a1 c1 b1",
                "{'source':'stream','from':'2026-01-09T23:06:39.881Z'}            | ''",
                "{'source':'stream','until':'2026-01-09T23:06:39.881Z'}           | a1 a1 c1 b1",
                "{'source':'stream','until':'2026-01-09T23:06:39.880Z'}           | ''",
            })
    void onlyWhatIsAskedForIsPublished(String request, String expected) throws Exception {
        source.add(
                entry("a", "a1", ALICE, BOB), ringing("c1", VirtualTime.START.plusSeconds(9)), entry("b", "b1", BOB));

        Replayed answer = run(request);

        assertThat(appSync.taken())
                .extracting(FakeAppSync.Taken::id)
                .containsExactlyInAnyOrder(Stream.of(expected.split(" "))
                        .filter(id -> !id.isEmpty())
                        .toArray(String[]::new));
        assertThat(answer.summary().considered()).isEqualTo(4);
        assertThat(answer.summary().filtered() + answer.summary().notYetSafe())
                .isEqualTo(4 - answer.summary().published());
    }

    // ------------------------------------------------------------------------------------------ until

    @Test
    void byDefaultOnlyWhatTheLivePublisherHasPassedIsTaken() throws Exception {
        live = Optional.of(VirtualTime.START.minusMillis(120));
        source.add(messages(1));

        Replayed answer = run("{'source':'stream'}");

        assertThat(answer.until()).isEqualTo(VirtualTime.START.minusMillis(120));
        assertThat(answer.summary().notYetSafe()).isEqualTo(2);
        assertThat(appSync.taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "table"})
    void anUnknownLivePositionIsNotGuessed(String from) {
        live = Optional.empty();
        source.add(messages(1));

        BadOption bad = refused("{'source':'%s'}".formatted(from));

        assertThat(bad.option()).isEqualTo("until");
        assertThat(bad.what()).contains("must be given");
        assertThat(source.opened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failures", "parked"})
    void whatTheLivePublisherLaidAsideIsNotItsAnyMore(String from) throws Exception {
        live = Optional.empty();
        source.add(messages(1));

        assertThat(run("{'source':'%s'}".formatted(from)).summary().published()).isEqualTo(2);
    }

    @Test
    void untilIsFixedWhenTheReplayBegins() throws Exception {
        source.add(messages(30));
        Replayed first = run("{'source':'stream','rate':5,'seconds':1}");
        live = Optional.of(VirtualTime.START.minusSeconds(60));

        Replayed second = resume(first);

        assertThat(first.done()).isFalse();
        assertThat(second.until()).isEqualTo(first.until());
        assertThat(second.done()).isTrue();
    }

    // ------------------------------------------------------------------------------------------ dry run

    @Test
    void aDryRunSaysExactlyWhatIsThenPublishedAndPublishesNothing() throws Exception {
        source.add(messages(12));
        source.add(ringing("c1", VirtualTime.START.minusSeconds(1)), ringing("c2", VirtualTime.START.plusSeconds(60)));

        Replayed dry = run("{'source':'stream','dryRun':true,'users':['bob']}");
        assertThat(appSync.requests()).isEmpty();
        Replayed wet = run("{'source':'stream','users':['bob']}");

        assertThat(dry.summary()).isEqualTo(wet.summary());
        assertThat(dry.planned()).isNotNull();
        assertThat(dry.planned().stream().map(Planned::eventId))
                .containsExactlyInAnyOrderElementsOf(
                        appSync.taken().stream().map(FakeAppSync.Taken::id).toList());
        assertThat(dry.planned()).allMatch(planned -> planned.channels() == 1);
        assertThat(dry.planned().getFirst())
                .isEqualTo(new Planned(Aggregate.conversation("c"), 1, "c-1", Event.Type.MESSAGE_SENT, 1));
        assertThat(wet.planned()).isNull();
    }

    @Test
    void aDryRunSettlesNothing() throws Exception {
        source.add(messages(2)).add(ringing("c1", VirtualTime.START.minusSeconds(1)));

        run("{'source':'parked','dryRun':true}");

        assertThat(source.settled()).isEmpty();
        assertThat(source.closed()).containsExactly(true);
    }

    @Test
    void aLongListOfADryRunComesInPartsAndEachEventOnce() throws Exception {
        source.add(messages(2_500));
        List<String> planned = new ArrayList<>();

        Replayed answer = run("{'source':'stream','dryRun':true}");
        planned.addAll(ids(answer));
        while (!answer.done()) {
            assertThat(answer.planned()).hasSizeLessThan(2 * Replay.MAX_PLANNED);
            answer = resume(answer);
            planned.addAll(ids(answer));
        }

        assertThat(planned).containsExactlyElementsOf(ids(1, 2_500));
        assertThat(answer.summary().published()).isEqualTo(5_000);
    }

    // ------------------------------------------------------------------------------------------ pace

    @Test
    void theRateIsHeld() throws Exception {
        source.add(messages(100));

        run("{'source':'stream','rate':10}");

        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aDryRunHoldsNoRate() throws Exception {
        source.add(messages(100));

        run("{'source':'stream','rate':10,'dryRun':true}");

        assertThat(time.slept()).isZero();
    }

    @Test
    void noMoreThanOneSecondsDeliveriesGoOutAtOnce() throws Exception {
        List<Integer> taken = new ArrayList<>();
        source.add(messages(40));

        replay.run(
                request("{'source':'stream','rate':8}"),
                LONG,
                _ -> taken.add(appSync.taken().size()));

        assertThat(taken).startsWith(8, 16);
        for (int i = 1; i < taken.size(); i++) {
            assertThat(taken.get(i) - taken.get(i - 1)).isBetween(0, 8);
        }
        assertThat(taken).contains(80);
    }

    // ------------------------------------------------------------------------------------------ interruption

    @Test
    void aReplayThatRanOutOfTimeGoesOnWhereItWasAndPublishesNothingTwice() throws Exception {
        source.add(messages(30));

        Replayed answer = run("{'source':'stream','rate':4,'seconds':3}");
        int invocations = 1;
        while (!answer.done()) {
            answer = resume(answer, 3);
            invocations++;
        }

        assertThat(invocations).isGreaterThan(3);
        assertThat(heard(ALICE)).isEqualTo(heard(BOB)).containsExactlyElementsOf(ids(1, 30));
        assertThat(answer.summary().published()).isEqualTo(60);
        assertThat(source.closed().getFirst()).isFalse();
        assertThat(source.closed().getLast()).isTrue();
    }

    @Test
    void whoeverIsKilledRepeatsOnePortionAtMost() throws Exception {
        source.add(messages(30));
        List<Replayed> told = new ArrayList<>();
        IllegalStateException killed = catchThrowableOfType(
                IllegalStateException.class,
                () -> replay.run(request("{'source':'stream','rate':4}"), LONG, answer -> {
                    told.add(answer);
                    if (told.size() == 5) {
                        throw new IllegalStateException("killed");
                    }
                }));
        assertThat(killed).hasMessage("killed");

        // The token before the last: what was told last was not written down.
        resume(told.get(3));

        assertThat(heard(ALICE).stream().distinct()).containsExactlyElementsOf(ids(1, 30));
        assertThat(heard(ALICE)).hasSize(30 + 2);
    }

    @Test
    void anOutageLeavesThePositionWhereItWasAndSaysHowMuchWaits() throws Exception {
        source.add(messages(3));
        appSync.weather(_ -> Behaviour.status(503, "ServiceUnavailable"));

        Replayed down = run("{'source':'stream','seconds':1}");
        appSync.weather(request -> Behaviour.acknowledge(request.events().size()));
        time.catchUp();
        Replayed up = resume(down);

        assertThat(down.done()).isFalse();
        assertThat(down.summary().failed()).isEqualTo(6);
        assertThat(down.summary().considered()).isZero();
        assertThat(up.summary().published()).isEqualTo(6);
        assertThat(up.summary().failed()).isZero();
    }

    @Test
    void anInvocationThatReadsForAllOfItsTimeStillSettlesWhatItFound() throws Exception {
        source.add(messages(12)).eachPageTakes(() -> time.sleep(Duration.ofSeconds(2)));

        Replayed answer = run("{'source':'parked','seconds':1}");

        assertThat(answer.done()).isFalse();
        assertThat(answer.summary().published()).isEqualTo(20);
        assertThat(resume(answer).done()).isTrue();
    }

    @Test
    void zeroSecondsReadNothing() throws Exception {
        source.add(messages(3));

        Replayed answer = run("{'source':'stream','seconds':0}");

        assertThat(answer.done()).isFalse();
        assertThat(answer.summary()).isEqualTo(ReplaySummary.NONE);
        assertThat(resume(answer).summary().published()).isEqualTo(6);
    }

    // ------------------------------------------------------------------------------------------ parked

    @Test
    void aParkedDeliveryIsSettledWhenItIsPublishedOrHasExpired() throws Exception {
        source.add(entry("a", "a1", ALICE), ringing("c1", VirtualTime.START.minusSeconds(1)));

        run("{'source':'parked'}");

        assertThat(source.settled()).hasSize(2);
    }

    @Test
    void aParkedDeliveryThatIsRefusedAgainStaysAndIsNotParkedTwice() throws Exception {
        appSync.weather(request -> request.channel().equals(BOB)
                ? Behaviour.status(400, "BadRequestException")
                : Behaviour.acknowledge(request.events().size()));
        source.add(entry("a", "a1", ALICE), entry("a", "a1", BOB));

        Replayed answer = run("{'source':'parked'}");

        assertThat(answer.summary().parked()).isEqualTo(1);
        assertThat(parked.latest()).isEmpty();
        assertThat(source.settled())
                .singleElement()
                .extracting(one -> ((Replayable.Entry) one)
                        .entry()
                        .publications()
                        .getFirst()
                        .channels())
                .isEqualTo(List.of(ALICE));
    }

    @Test
    void aParkedDeliveryThatIsNotAskedForOrIsGoneStays() throws Exception {
        source.add(entry("a", "a1", ALICE)).add(new Replayable.Missing()).add(new Replayable.Unreadable());

        run("{'source':'parked','users':['bob']}");

        assertThat(source.settled()).isEmpty();
    }

    // ------------------------------------------------------------------------------------------ options

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                       | source",
                "{'source':'tape'}                                        | source",
                "{'source':'stream','users':['a/b']}                      | users",
                "{'source':'stream','users':[null]}                       | users",
                "{'source':'stream','types':['MESSAGE']}                  | types",
                "{'source':'stream','calls':[' ']}                        | calls",
                "{'source':'stream','conversations':'c'}                  | conversations",
                "{'source':'stream','from':'yesterday'}                   | from",
                "{'source':'stream','until':'2026-01-09T23:06:40Z'}       | until",
                "{'source':'stream','from':'2026-01-09T23:06:40.000Z','until':'2026-01-09T23:06:40.000Z'} | until",
                "{'source':'stream','fromSequence':'one'}                 | fromSequence",
                "{'source':'stream','toSequence':''}                      | toSequence",
                "{'source':'stream','fromSequence':'3','toSequence':'2'}  | toSequence",
                "{'source':'table','fromSequence':'1'}                    | fromSequence",
                "{'source':'parked','toSequence':'1'}                     | toSequence",
                "{'source':'stream','readRate':5}                         | readRate",
                "{'source':'table','readRate':0}                          | readRate",
                "{'source':'stream','rate':0}                             | rate",
                "{'source':'stream','rate':'5'}                           | rate",
                "{'source':'stream','seconds':-1}                         | seconds",
                "{'source':'stream','dryRun':1}                           | dryRun",
                "{'source':'stream','verbose':true}                       | verbose",
                "{'resume':'x'}                                           | resume",
                "{'resume':'e30'}                                         | resume",
                "{'resume':'e30','source':'stream'}                       | resume",
                "[]                                                       | request",
                "nonsense                                                 | request",
            })
    void aBadOptionIsNamed(String request, String option) {
        assertThat(refused(request).option()).isEqualTo(option);
        assertThat(appSync.requests()).isEmpty();
    }

    @Test
    void theFunctionAnswersABadOptionAndTheLastAnswerHasNoToken() {
        ReplayEvents function = new ReplayEvents(replay, LONG, Metrics.NONE);
        source.add(messages(1));

        assertThat(answer(function, "{'source':'tape'}"))
                .isEqualTo("{\"error\":{\"option\":\"source\","
                        + "\"message\":\"must be stream, table, failures or parked\"}}");
        assertThat(answer(function, "{'source':'stream'}"))
                .isEqualTo("{\"done\":true,\"dryRun\":false,\"until\":\"%s\",\"summary\":{\"events\":1,"
                                .formatted(IsoMillis.format(VirtualTime.START))
                        + "\"considered\":2,\"published\":2,\"expired\":0,\"filtered\":0,\"notYetSafe\":0,"
                        + "\"unreadable\":0,\"missing\":0,\"dropped\":0,\"parked\":0,\"failed\":0}}");
    }

    // ------------------------------------------------------------------------------------------ samples

    private static String answer(ReplayEvents function, String request) {
        return new String(function.apply(new ByteArrayInputStream(bytes(request))), StandardCharsets.UTF_8);
    }

    private Replayed run(String request) throws BadOption, InterruptedException {
        return replay.run(request(request), LONG, _ -> {});
    }

    private Replayed resume(Replayed answer) throws BadOption, InterruptedException {
        return replay.run(ReplayRequest.resuming(String.valueOf(answer.resume())), LONG, _ -> {});
    }

    private Replayed resume(Replayed answer, int seconds) throws BadOption, InterruptedException {
        return replay.run(
                ReplayRequest.resuming(String.valueOf(answer.resume())).within(seconds), LONG, _ -> {});
    }

    private BadOption refused(String request) {
        return catchThrowableOfType(BadOption.class, () -> run(request));
    }

    private static ReplayRequest request(String text) throws BadOption {
        return ReplayRequest.read(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private List<String> heard(Channel channel) {
        return appSync.taken().stream()
                .filter(taken -> taken.channel().equals(channel))
                .map(FakeAppSync.Taken::id)
                .toList();
    }

    private static List<String> ids(Replayed answer) {
        return answer.planned() == null
                ? List.of()
                : answer.planned().stream().map(Planned::eventId).toList();
    }

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "c-" + i).toList();
    }

    private static OutboxEntry[] messages(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(order -> message("c", order, ALICE, BOB))
                .toArray(OutboxEntry[]::new);
    }

    private static OutboxEntry entry(String conversation, String eventId, Channel... channels) {
        return new OutboxEntry(
                Aggregate.conversation(conversation),
                eventId,
                1,
                VirtualTime.START.minusMillis(120),
                List.of(new Publication(Event.Type.MESSAGE_SENT, 1, "{}", List.of(channels), null)));
    }

    private static OutboxEntry ringing(String call, Instant ringDeadline) {
        return new OutboxEntry(
                Aggregate.call(call),
                call,
                1,
                VirtualTime.START.minusMillis(120),
                List.of(new Publication(Event.Type.INCOMING_CALL, 1, "{}", List.of(BOBS_CALLS), ringDeadline)));
    }
}
