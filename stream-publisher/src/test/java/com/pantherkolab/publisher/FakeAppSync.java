package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// AppSync in memory, which can do at will what the real one does only rarely.
final class FakeAppSync implements ChannelPublisher {

    /// An event as a channel got it.
    record Taken(Channel channel, String event) {
        String id() {
            return Json.mapper().readTree(event).path("id").asString();
        }
    }

    private final List<PublishRequest> requests = new ArrayList<>();
    private final List<Taken> taken = new ArrayList<>();
    private Function<PublishRequest, Behaviour> weather;

    FakeAppSync() {
        this(request -> Behaviour.acknowledge(request.events().size()));
    }

    FakeAppSync(Function<PublishRequest, Behaviour> weather) {
        this.weather = weather;
    }

    /// First these, one for each request, then acknowledges.
    static FakeAppSync scripted(Behaviour... script) {
        List<Behaviour> left = new ArrayList<>(Arrays.asList(script));
        return new FakeAppSync(request ->
                left.isEmpty() ? Behaviour.acknowledge(request.events().size()) : left.removeFirst());
    }

    @Override
    public synchronized PublishAnswer publish(PublishRequest request) {
        requests.add(request);
        int events = request.events().size();
        return switch (weather.apply(request)) {
            case Behaviour.Answer answer -> {
                take(request, answer.taken());
                yield AppSyncAnswers.read(
                        answer.status(),
                        HttpHeaders.of(
                                answer.headers().entrySet().stream()
                                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                                (name, value) -> true),
                        answer.body().getBytes(StandardCharsets.UTF_8),
                        events);
            }
            case Behaviour.Reset() -> new PublishAnswer.Unavailable("RESET", null);
            case Behaviour.LoseAnswer() -> {
                take(request, IntStream.range(0, events).boxed().toList());
                yield new PublishAnswer.Unavailable("RESET", null);
            }
            case Behaviour.Stall() -> {
                take(request, IntStream.range(0, events).boxed().toList());
                yield new PublishAnswer.Unavailable("TIMEOUT", null);
            }
        };
    }

    synchronized void weather(Function<PublishRequest, Behaviour> next) {
        weather = next;
    }

    /// Every request, in the order of their coming.
    synchronized List<PublishRequest> requests() {
        return List.copyOf(requests);
    }

    /// What the channels got, in the order of its coming.
    synchronized List<Taken> taken() {
        return List.copyOf(taken);
    }

    /// The ids of the events that a request carries.
    static List<String> ids(PublishRequest request) {
        return request.events().stream()
                .map(event -> new Taken(request.channel(), event).id())
                .toList();
    }

    private void take(PublishRequest request, List<Integer> indexes) {
        indexes.forEach(
                index -> taken.add(new Taken(request.channel(), request.events().get(index))));
    }
}
