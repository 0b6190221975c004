package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.RehearsalCalls;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.SdkCalls.Permission;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.LocalMeetings;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The roles of `template.yaml` against what the functions really ask for, in both directions: each function runs
/// by itself in a local run, with clients that record, while users, Chime and an operator have it do all that it
/// does.
///
/// Nobody is refused anything here; that the actions are the right ones for these calls is what SDK and IAM
/// documents say, not what AWS has shown.
class LeastPrivilegeTest {
    private static final Comparator<Permission> BY_NAME = Comparator.comparing(Permission::toString);
    private static final Pattern ARN_INSIDE = Pattern.compile("\\$\\{(\\w+)\\.Arn}/\\*");

    private static final SdkCalls CALLS = new SdkCalls();
    private static @Nullable RunningSystem running;

    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void start() {
        running = RunningSystem.startApart(CALLS, Map.of("RING_TIMEOUT_SECONDS", "3"), _ -> {});
        new LeastPrivilegeTest().doEverything();
    }

    @AfterAll
    static void stop() {
        system().close();
    }

    @Test
    void everyCallThatAFunctionMakesIsAllowedToIt() {
        assertThat(missing(CALLS.used(), allowed())).as("what AWS would refuse").isEmpty();
        assertThat(CALLS.used()).hasSizeGreaterThan(50);
    }

    @Test
    void everythingThatIsAllowedToAFunctionItDoes() {
        Set<Permission> allowed = new TreeSet<>(BY_NAME);
        allowed.addAll(allowed());
        allowed.removeAll(notByTheFunction());

        assertThat(missing(allowed, CALLS.used()))
                .as("what could be taken from the roles")
                .isEmpty();
    }

    @Test
    void whatOthersDoInAFunctionsNameIsAllowedToo() {
        assertThat(missing(notByTheFunction(), allowed())).isEmpty();
    }

    /// Before its snapshot a function has its own role, and no other. What the rehearsals ask for is what the tests
    /// of the hooks have seen.
    @Test
    void everyCallOfARehearsalIsAllowedToItsFunction() {
        Set<Permission> rehearsed = RehearsalCalls.OF.entrySet().stream()
                .flatMap(calls -> calls.getValue().stream()
                        .map(call -> call.split(" ", 2))
                        .map(call -> new Permission(calls.getKey(), "dynamodb:" + call[0], call[1])))
                .collect(Collectors.toCollection(() -> new TreeSet<>(BY_NAME)));
        // Sent without an event, and still a request to publish.
        rehearsed.add(new Permission("streamPublisher", "appsync:EventPublish", "ChatsNamespace"));

        assertThat(missing(rehearsed, allowed())).as("what AWS would refuse").isEmpty();
        assertThat(rehearsed.stream().map(Permission::function)).contains("messagesApi", "callTimers");
    }

    @Test
    void aPermissionThatIsMissingAndOneThatIsTooMuchAreNoticed() throws IOException {
        String template = Files.readString(Deployment.find());
        String planted = template.replace(
                "Action: [dynamodb:GetItem, dynamodb:UpdateItem]", "Action: [dynamodb:GetItem, dynamodb:DeleteItem]");

        Set<Permission> allowed = allowed(Deployment.of(CloudFormationTemplate.parse(planted)));

        assertThat(missing(CALLS.used(), allowed))
                .containsExactly(new Permission("messagesApi", "dynamodb:UpdateItem", "MembershipsTable"));
        assertThat(missing(allowed, CALLS.used()))
                .contains(new Permission("messagesApi", "dynamodb:DeleteItem", "MembershipsTable"));
    }

    /// What a role allows and no line of ours asks for.
    private static Set<Permission> notByTheFunction() {
        Set<Permission> others = new TreeSet<>(BY_NAME);
        Map<String, String> mapped = Map.of("callWorkflow", "CallsTable", "streamPublisher", "OutboxTable");
        mapped.forEach((function, table) -> {
            // The mapping reads the stream, and lays what it gives up into the bucket.
            for (String action : List.of("DescribeStream", "GetShardIterator", "GetRecords")) {
                others.add(new Permission(function, "dynamodb:" + action, table + " stream"));
            }
            others.add(new Permission(function, "dynamodb:ListStreams", "*"));
            others.add(new Permission(function, "s3:PutObject", "FailureBucket"));
            others.add(new Permission(function, "s3:ListBucket", "FailureBucket"));
        });
        // The mapping empties the queue.
        for (String action : List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")) {
            others.add(new Permission("callTimers", "sqs:" + action, "TimersQueue"));
        }
        // Lambda lays aside what was handed over without waiting and failed.
        others.add(new Permission("callTimers", "sqs:SendMessage", "MissedEventsQueue"));
        // Local run asks its pump how far the publisher is; `MetricLivePosition` asks CloudWatch.
        others.add(new Permission("replayEvents", "cloudwatch:GetMetricStatistics", "*"));
        // Whatever a function prints.
        for (Resource function : system().deployment().template().resources(Deployment.FUNCTION)) {
            for (String action : List.of("CreateLogStream", "PutLogEvents")) {
                others.add(new Permission(Deployment.bean(function), "logs:" + action, function.logicalId() + "Logs"));
            }
        }
        return others;
    }

    private static Set<Permission> missing(Set<Permission> wanted, Set<Permission> given) {
        return wanted.stream()
                .filter(permission -> !given.contains(permission))
                .collect(Collectors.toCollection(() -> new TreeSet<>(BY_NAME)));
    }

    /// What the template's roles allow.
    private static Set<Permission> allowed() {
        return allowed(system().deployment());
    }

    private static Set<Permission> allowed(Deployment deployment) {
        Map<String, Section> roles = deployment.template().resources("AWS::IAM::Role").stream()
                .collect(Collectors.toMap(Resource::logicalId, Resource::properties));
        return deployment.template().resources(Deployment.FUNCTION).stream()
                .flatMap(function -> {
                    Section role = Objects.requireNonNull(
                            roles.get(function.properties().reference("Role").orElseThrow()), function.logicalId());
                    return role.sections("Policies").stream()
                            .flatMap(policy ->
                                    policy.section("PolicyDocument").orElseThrow().sections("Statement").stream())
                            .flatMap(statement -> permissions(Deployment.bean(function), statement));
                })
                .collect(Collectors.toSet());
    }

    private static Stream<Permission> permissions(String function, Section statement) {
        return each(statement.values().get("Action"))
                .map(String::valueOf)
                .flatMap(action -> each(statement.values().get("Resource"))
                        .map(resource -> new Permission(function, action, name(resource))));
    }

    private static Stream<?> each(@Nullable Object oneOrMany) {
        return oneOrMany instanceof List<?> many ? many.stream() : Stream.ofNullable(oneOrMany);
    }

    /// A resource as [Permission] names it.
    private static String name(Object resource) {
        if (resource instanceof Map<?, ?> map && map.get("Fn::GetAtt") instanceof List<?> attribute) {
            return attribute.getLast().equals("StreamArn")
                    ? attribute.getFirst() + " stream"
                    : "" + attribute.getFirst();
        }
        if (resource instanceof Map<?, ?> map && map.get("Fn::Sub") instanceof String text) {
            var inside = ARN_INSIDE.matcher(text);
            return inside.matches() ? inside.group(1) : "*";
        }
        return "*";
    }

    // ------------------------------------------------------------------------------------------ everything that is
    // done

    private void doEverything() {
        User alice = system().signIn("alice-" + run);
        User bob = system().signIn("bob-" + run);
        User carol = system().signIn("carol-" + run);
        profiles(alice);
        String conversation = messages(alice, bob);
        callBetweenTwo(alice, bob, conversation);
        callsThatAreNotTaken(alice, bob);
        callOfAGroup(alice, bob, carol);
        timers(alice, bob);
        replays(alice, bob);
        system().awaitPublished();
    }

    private static void profiles(User alice) {
        done(system().send(system().as(alice, "/api/users/me")
                .PUT(BodyPublishers.ofString("{\"firstName\":\"Alice\",\"lastName\":\"Liddell\"}"))));
        done(system().get(alice, "/api/users/me"));
    }

    private static String messages(User alice, User bob) {
        system().conversation(alice, "DIRECT", List.of(bob.userId()));
        String conversation = system().conversation(alice, "DIRECT", List.of(bob.userId()));
        keyed(alice, "/api/conversations", "group", group(bob));
        done(keyed(alice, "/api/conversations", "group", group(bob)));
        done(system().get(alice, "/api/conversations"));
        done(system().get(alice, "/api/conversations/" + conversation));
        String hello = "{\"conversationId\":\"%s\",\"content\":\"hello\",\"tempId\":\"t\"}".formatted(conversation);
        done(system().post(alice, "/api/messages/send", hello));
        done(system().post(alice, "/api/messages/send", hello));
        assertThat(system().post(alice, "/api/messages/send", hello.replace("hello", "again"))
                        .status())
                .isEqualTo(409);
        // A refusal looks the key up.
        assertThat(system().post(alice, "/api/messages/send", hello.replace(conversation, "no-such-conversation"))
                        .status())
                .isEqualTo(404);
        done(system().post(
                        bob,
                        "/api/messages/typing",
                        "{\"conversationId\":\"%s\",\"isTyping\":true}".formatted(conversation)));
        done(system().post(
                        bob,
                        "/api/messages/read",
                        "{\"conversationId\":\"%s\",\"sequence\":1}".formatted(conversation)));
        done(system().get(bob, "/api/conversations/%s/messages".formatted(conversation)));
        return conversation;
    }

    private static String group(User other) {
        return "{\"type\":\"GROUP\",\"name\":\"us\",\"participantIds\":[\"%s\"]}".formatted(other.userId());
    }

    private static void callBetweenTwo(User alice, User bob, String conversation) {
        String call = keyed(
                        alice,
                        "/api/calls/initiate",
                        "first",
                        "{\"participantIds\":[\"%s\"],\"callType\":\"AUDIO\",\"conversationId\":\"%s\"}"
                                .formatted(bob.userId(), conversation))
                .at("call")
                .path("sessionId")
                .stringValue();
        command(bob, "accept", call);
        active(bob, call);
        done(system().get(alice, "/api/calls"));
        command(alice, "end", call);
        // A refusal looks the key up.
        assertThat(keyed(alice, "/api/calls/end", "late", "{\"sessionId\":\"no-such-call\"}")
                        .status())
                .isEqualTo(404);
    }

    private static void callsThatAreNotTaken(User alice, User bob) {
        command(bob, "reject", system().call(alice, bob.userId()));
        command(alice, "cancel", system().call(alice, bob.userId()));
    }

    private static void callOfAGroup(User alice, User bob, User carol) {
        String call = system().call(alice, bob.userId(), carol.userId());
        command(bob, "accept", call);
        command(carol, "accept", call);
        active(carol, call);
        command(carol, "leave", call);
        system().awaitPublished();
        command(alice, "end", call);
    }

    /// A reminder that comes early, the deadline itself, and Chime's word that a meeting is over.
    private static void timers(User alice, User bob) {
        String missed = system().call(alice, bob.userId());
        function("callTimers", """
                {"Records":[{"messageId":"1","receiptHandle":"r","body":"{\\"sessionId\\":\\"%s\\",\\"version\\":1}",\
                "eventSource":"aws:sqs"}]}""".formatted(missed));
        until(() -> hasEnded(missed));
        String over = system().call(alice, bob.userId());
        command(bob, "accept", over);
        active(bob, over);
        LocalMeetings chime = system().bean(LocalAws.class).meetings();
        chime.alive().stream()
                .filter(meeting -> meeting.externalMeetingId().equals(over))
                .forEach(meeting -> chime.end(meeting.meetingId()));
        until(() -> hasEnded(over));
    }

    /// Without asking the API: whoever asks first commits what a deadline does.
    private static boolean hasEnded(String call) {
        return system().items("CallsTable").stream()
                .filter(item -> AttributeValue.fromS("call#" + call).equals(item.get("subject")))
                .anyMatch(item -> item.toString().contains("ENDED"));
    }

    private static void replays(User alice, User bob) {
        // Refused for good, and so parked.
        system().faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        String conversation = system().conversation(alice, "GROUP", List.of(bob.userId()));
        system().awaitPublished();
        replay("{\"source\":\"table\",\"conversations\":[\"%s\"]}".formatted(conversation));
        system().clearFaults();
        // What is no entry goes to the bucket.
        system().bean(DynamoDbClient.class).putItem(put -> put.tableName("OutboxTable")
                .item(Map.of(
                        "aggregate", AttributeValue.fromS("unreadable"),
                        "eventId", AttributeValue.fromS("unreadable"))));
        system().awaitPublished();
        replay("{\"source\":\"parked\",\"dryRun\":true}");
        replay("{\"source\":\"parked\"}");
        replay("{\"source\":\"failures\"}");
        replay("{\"source\":\"table\"}");
        replay("{\"source\":\"stream\"}");
    }

    private static void replay(String request) {
        assertThat(function("replayEvents", request).at("done").booleanValue()).isTrue();
    }

    private static Answer function(String name, String event) {
        Answer answer = system().send(system().request("/functions/" + name).POST(BodyPublishers.ofString(event)));
        assertThat(answer.response().headers().firstValue("x-amz-function-error"))
                .as(answer.response().body())
                .isEmpty();
        return answer;
    }

    private static Answer keyed(User user, String path, String key, String body) {
        return system().send(
                        system().as(user, path).header("idempotency-key", key).POST(BodyPublishers.ofString(body)));
    }

    private static void command(User user, String command, String call) {
        done(system().post(user, "/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(call)));
    }

    private static void active(User user, String call) {
        until(() -> status(user, call).equals("ACTIVE"));
    }

    private static String status(User user, String call) {
        return system().get(user, "/api/calls/" + call)
                .at("call")
                .path("status")
                .stringValue("");
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }

    private static void until(BooleanSupplier come) {
        Instant giveUp = Instant.now().plus(Duration.ofSeconds(60));
        while (!come.getAsBoolean()) {
            assertThat(Instant.now()).as("still not there").isBefore(giveUp);
            system().awaitPublished();
        }
    }

    private static RunningSystem system() {
        return Objects.requireNonNull(running);
    }
}
