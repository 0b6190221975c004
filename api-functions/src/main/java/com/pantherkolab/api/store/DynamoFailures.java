package com.pantherkolab.api.store;

import com.pantherkolab.common.OutboxEntry;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ItemCollectionSizeLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/// What DynamoDB means by its refusals of a write.
///
/// The reasons of a cancelled transaction come in the order of its items; ours always begins with the outbox entry.
final class DynamoFailures {

    /// What became of one attempt that did not simply succeed.
    sealed interface Failure {
        /// An entry is there under this event id: an earlier attempt committed, or an earlier command with this
        /// key.
        record EntryExists(OutboxEntry entry) implements Failure {}

        /// A condition on the state did not hold, and there is no entry.
        record Overtaken() implements Failure {}

        /// Another transaction held one of the items; this may hide that the entry is there.
        record Conflict() implements Failure {}

        /// Too much at once; nothing was written.
        record Throttled() implements Failure {}

        /// The aggregate's outbox has reached DynamoDB's limit of an item collection; nothing was written.
        record Full() implements Failure {}

        /// No telling.
        record Lost() implements Failure {}
    }

    private DynamoFailures() {}

    /// The meaning of a refusal.
    ///
    /// @throws DynamoDbException the refusal itself, where it means a bug: a malformed request, a missing table
    static Failure of(DynamoDbException refusal) {
        return switch (refusal) {
            case TransactionCanceledException cancelled -> ofReasons(cancelled);
            case ConditionalCheckFailedException exists -> ofEntry(exists.item());
            case TransactionConflictException _ -> new Failure.Conflict();
            case TransactionInProgressException _ -> new Failure.Lost();
            case ItemCollectionSizeLimitExceededException _ -> new Failure.Full();
            case DynamoDbException other when isThrottle(other) -> new Failure.Throttled();
            case DynamoDbException other when other.statusCode() >= 500 -> new Failure.Lost();
            default -> throw refusal;
        };
    }

    static boolean isThrottle(DynamoDbException refusal) {
        return refusal instanceof ThrottlingException
                || refusal instanceof ProvisionedThroughputExceededException
                || refusal instanceof RequestLimitExceededException
                || refusal.isThrottlingException();
    }

    private static Failure ofReasons(TransactionCanceledException cancelled) {
        CancellationReason ofEntry = cancelled.cancellationReasons().getFirst();
        if (ofEntry.code().equals("ConditionalCheckFailed")) {
            return ofEntry(ofEntry.item());
        }
        List<String> reasons = cancelled.cancellationReasons().stream()
                .map(CancellationReason::code)
                .toList();
        if (reasons.contains("TransactionConflict")) {
            return new Failure.Conflict();
        }
        if (reasons.contains("ConditionalCheckFailed")) {
            return new Failure.Overtaken();
        }
        if (reasons.contains("ItemCollectionSizeLimitExceeded")) {
            return new Failure.Full();
        }
        if (reasons.contains("ThrottlingError") || reasons.contains("ProvisionedThroughputExceeded")) {
            return new Failure.Throttled();
        }
        throw cancelled;
    }

    private static Failure ofEntry(Map<String, AttributeValue> item) {
        return new Failure.EntryExists(DynamoItems.entry(item));
    }
}
