package com.pantherkolab.api.store;

import static com.pantherkolab.api.store.ScriptedDynamo.cancelled;
import static com.pantherkolab.api.store.ScriptedDynamo.cancelledBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.trace.Cause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/// What each of DynamoDB's refusals of a write means: the reasons are those of (entry, message, head).
class DynamoChangeWriterTest {
    private final RuntimeException lost = ApiCallTimeoutException.create(4000);
    private final DynamoDbException throttled =
            ThrottlingException.builder().statusCode(400).build();

    private static final Change.MessageAppended MESSAGE = message();
    private static final Written BEFORE = new Written.CommittedBefore(MESSAGE.entry());

    private final ScriptedDynamo dynamo = new ScriptedDynamo();
    private final List<Duration> slept = new ArrayList<>();
    private final DynamoChangeWriter writer = new DynamoChangeWriter(
            dynamo,
            new Tables("users", "conversations", "memberships", "messages", "calls", "outbox"),
            new Pause(Duration.ofMillis(50), Duration.ofSeconds(1), new Random(1), slept::add));

    @Test
    void aMessageMovesTheHeadFromTheSequenceBeforeItToItsOwn() {
        writer.write(MESSAGE);

        List<TransactWriteItem> items = dynamo.transactions().getFirst().transactItems();
        assertThat(items.get(1).put().tableName()).isEqualTo("messages");
        assertThat(items.get(2).update().tableName()).isEqualTo("conversations");
        assertThat(items.get(2).update().conditionExpression()).isEqualTo("lastSequence = :last");
        assertThat(items.get(2).update().expressionAttributeValues())
                .containsEntry(":last", AttributeValue.fromN("6"))
                .containsEntry(":next", AttributeValue.fromN("7"));
    }

    @Test
    void aCreationIsTheEntryTheDescriptionTheHeadAndAMembershipForEachParticipant() {
        Instant at = Instant.parse("2026-01-09T23:06:40.120Z");
        List<UserId> participants = List.of(new UserId("alice"), new UserId("bob"), new UserId("carol"));
        Conversation conversation = new Conversation(
                "c1", Conversation.Type.GROUP, null, participants, participants.getFirst(), at, 0, null);
        OutboxEntry entry = new OutboxEntry(
                Aggregate.conversation("c1"),
                "e-1",
                0,
                at,
                List.of(Publication.of(
                        new Event.ConversationCreated(conversation),
                        participants.stream().map(Channel::chats).toList())));

        writer.write(new Change.ConversationCreated(conversation, entry));

        List<TransactWriteItem> items = dynamo.transactions().getFirst().transactItems();
        assertThat(items)
                .extracting(item -> item.put().tableName())
                .containsExactly(
                        "outbox", "conversations", "conversations", "memberships", "memberships", "memberships");
        assertThat(items.get(1).put().conditionExpression()).isEqualTo("attribute_not_exists(conversationId)");
    }

    @Test
    void anAnnouncedChangeIsOneTransactionThatBeginsWithItsEntry() {
        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Committed());

        assertThat(dynamo.transactions()).singleElement().satisfies(transaction -> {
            assertThat(transaction.transactItems()).hasSize(3);
            assertThat(transaction.transactItems().getFirst().put().tableName()).isEqualTo("outbox");
            assertThat(transaction.transactItems().getFirst().put().conditionExpression())
                    .isEqualTo("attribute_not_exists(eventId)");
            assertThat(transaction.clientRequestToken()).isNull();
        });
        assertThat(slept).isEmpty();
    }

    @Test
    void anEntryIsWrittenAsAPartOfTheTraceOfWhatIsBeingDone() {
        Cause cause = new Causes(UUID::randomUUID).function("callWorkflow");

        cause.during(() -> writer.write(MESSAGE));
        cause.during(() -> writer.write(new Change.TypingAnnounced(MESSAGE.entry())));
        writer.write(MESSAGE);

        OutboxEntry traced = MESSAGE.entry().tracedBy(cause.trace());
        assertThat(dynamo.transactions())
                .extracting(it ->
                        DynamoItems.entry(it.transactItems().getFirst().put().item()))
                .containsExactly(traced, MESSAGE.entry());
        assertThat(dynamo.puts()).extracting(it -> DynamoItems.entry(it.item())).containsExactly(traced);
    }

    @Test
    void anEntryThatIsThereMeansCommittedWhateverTheOtherReasonsSay() {
        dynamo.failing(cancelledBy(MESSAGE.entry(), "None", "ConditionalCheckFailed"));
        assertThat(writer.write(MESSAGE)).isEqualTo(BEFORE);

        dynamo.failing(cancelledBy(MESSAGE.entry(), "TransactionConflict", "None"));
        assertThat(writer.write(MESSAGE)).isEqualTo(BEFORE);
    }

    /// DynamoDB Local does that, in one of some ten thousand transactions that are cancelled at the same time.
    @Test
    void anEntryOfAnotherEventThatIsHandedBackTellsNothing() {
        OutboxEntry other = new OutboxEntry(
                MESSAGE.entry().aggregate(),
                "another",
                1,
                MESSAGE.entry().timestamp(),
                MESSAGE.entry().publications());
        dynamo.failing(
                cancelledBy(other, "None", "ConditionalCheckFailed"),
                cancelledBy(MESSAGE.entry(), "None", "ConditionalCheckFailed"));
        assertThat(writer.write(MESSAGE)).isEqualTo(BEFORE);

        DynamoDbException wrong = cancelledBy(other, "None", "ConditionalCheckFailed");
        dynamo.failing(wrong, wrong, wrong, wrong);
        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Unknown());
    }

    @Test
    void anEphemeralEventIsOnePlainPutAndASecondOneFindsTheFirst() {
        Change typing = new Change.TypingAnnounced(MESSAGE.entry());
        dynamo.failing(
                lost,
                ConditionalCheckFailedException.builder()
                        .item(DynamoItems.entry(MESSAGE.entry()))
                        .statusCode(400)
                        .build());

        assertThat(writer.write(typing)).isEqualTo(BEFORE);
        assertThat(dynamo.puts()).hasSize(2).allSatisfy(put -> {
            assertThat(put.tableName()).isEqualTo("outbox");
            assertThat(put.conditionExpression()).isEqualTo("attribute_not_exists(eventId)");
            assertThat(put.returnValuesOnConditionCheckFailure())
                    .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        });
        assertThat(dynamo.transactions()).isEmpty();
    }

    @Test
    void aHeadThatMovedMeansOvertakenAtOnce() {
        dynamo.failing(cancelled("None", "None", "ConditionalCheckFailed"));

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Overtaken());
        assertThat(dynamo.transactions()).hasSize(1);
    }

    @Test
    void aConflictMeansOvertakenForAFreshReadFollows() {
        dynamo.failing(cancelled("None", "None", "TransactionConflict"));

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Overtaken());
    }

    @Test
    void aLostAnswerIsResolvedByWritingTheSameTransactionAgain() {
        dynamo.failing(lost, cancelledBy(MESSAGE.entry(), "None", "ConditionalCheckFailed"));

        assertThat(writer.write(MESSAGE)).isEqualTo(BEFORE);
        assertThat(dynamo.transactions()).hasSize(2);
        assertThat(dynamo.transactions().get(0).transactItems())
                .isEqualTo(dynamo.transactions().get(1).transactItems());
    }

    @Test
    void aLostAnswerOfATransactionThatDidNotCommitIsOvertakenOnceTheHeadMovedWithoutTheEntry() {
        dynamo.failing(lost, cancelled("None", "None", "ConditionalCheckFailed"));

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Overtaken());
    }

    @Test
    void afterALostAnswerAConflictIsNotBelievedForItMayHideTheEntry() {
        dynamo.failing(
                lost,
                cancelled("None", "None", "TransactionConflict"),
                cancelledBy(MESSAGE.entry(), "None", "ConditionalCheckFailed"));

        assertThat(writer.write(MESSAGE)).isEqualTo(BEFORE);
    }

    @Test
    void anOutcomeThatAskingAgainDoesNotTellIsUnknown() {
        dynamo.failing(lost, throttled, throttled, throttled);

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Unknown());
        assertThat(dynamo.transactions()).hasSize(DynamoChangeWriter.ATTEMPTS);
    }

    @Test
    void aServerErrorAndATransactionInProgressAreLostAnswers() {
        dynamo.failing(
                InternalServerErrorException.builder().statusCode(500).build(),
                TransactionInProgressException.builder().statusCode(400).build(),
                lost,
                lost);

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Unknown());
    }

    @Test
    void aThrottleIsWaitedOutWithJitterAndThenUnavailable() {
        dynamo.failing(throttled, cancelled("ThrottlingError", "None", "None"));
        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Committed());
        assertThat(slept).hasSize(2);
        assertThat(slept.get(0)).isBetween(Duration.ZERO, Duration.ofMillis(50));
        assertThat(slept.get(1)).isBetween(Duration.ZERO, Duration.ofMillis(100));

        dynamo.failing(throttled, throttled, throttled, throttled);
        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Unavailable());
    }

    @Test
    void aFullOutboxOfAConversationIsUnavailable() {
        dynamo.failing(cancelled("ItemCollectionSizeLimitExceeded", "None", "None"));

        assertThat(writer.write(MESSAGE)).isEqualTo(new Written.Unavailable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ValidationError", "AccessDenied"})
    void aMalformedTransactionIsABugAndIsNotRetried(String reason) {
        dynamo.failing(cancelled(reason, "None", "None"));

        assertThatThrownBy(() -> writer.write(MESSAGE)).isInstanceOf(DynamoDbException.class);
        assertThat(dynamo.transactions()).hasSize(1);
    }

    @Test
    void aMissingTableIsABug() {
        dynamo.failing(ResourceNotFoundException.builder().statusCode(400).build());

        assertThatThrownBy(() -> writer.write(MESSAGE)).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aQuietChangeIsOnePlainPutAndIsRepeatedAfterALostAnswer() {
        dynamo.failing(lost);

        assertThat(writer.write(new Change.ProfileSaved(new Profile(new UserId("alice"), "A", "B"))))
                .isEqualTo(new Written.Committed());
        assertThat(dynamo.puts()).hasSize(2);
        assertThat(dynamo.transactions()).isEmpty();
    }

    @Test
    void thePauseDoublesUpToItsLongest() {
        Pause pause = new Pause(Duration.ofMillis(50), Duration.ofSeconds(1), new Random(1), slept::add);

        assertThat(List.of(pause.ceiling(2), pause.ceiling(3), pause.ceiling(6), pause.ceiling(7), pause.ceiling(90)))
                .containsExactly(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(800),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
    }

    private static Change.MessageAppended message() {
        Instant at = Instant.parse("2026-01-09T23:06:40.120Z");
        Message message = new Message(
                "c1",
                7,
                at,
                "m-7",
                new UserId("alice"),
                Message.Type.TEXT,
                "hello",
                null,
                null,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                false,
                at);
        return new Change.MessageAppended(
                message,
                new OutboxEntry(
                        Aggregate.conversation("c1"),
                        "e-7",
                        7,
                        at,
                        List.of(Publication.of(
                                new Event.MessageSent(message, null), List.of(Channel.chats(new UserId("alice")))))));
    }
}
