package com.pantherkolab.api.store;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
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
    enum Failure {
        /// The entry is there already: an earlier attempt committed and its answer was lost.
        ALREADY_COMMITTED,
        /// A condition on the state did not hold, and the entry is not there.
        OVERTAKEN,
        /// Another transaction held one of the items; this may hide that the entry is there.
        CONFLICT,
        /// Too much at once; nothing was written.
        THROTTLED,
        /// The conversation's outbox has reached DynamoDB's limit of an item collection; nothing was written.
        FULL,
        /// No telling.
        LOST
    }

    private DynamoFailures() {}

    /// The meaning of a refusal.
    ///
    /// @throws DynamoDbException the refusal itself, where it means a bug: a malformed request, a missing table
    static Failure of(DynamoDbException refusal) {
        return switch (refusal) {
            case TransactionCanceledException cancelled -> ofReasons(cancelled);
            case TransactionConflictException _ -> Failure.CONFLICT;
            case TransactionInProgressException _ -> Failure.LOST;
            case DynamoDbException other when isThrottle(other) -> Failure.THROTTLED;
            case DynamoDbException other when other.statusCode() >= 500 -> Failure.LOST;
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
        List<String> reasons = cancelled.cancellationReasons().stream()
                .map(CancellationReason::code)
                .toList();
        if (reasons.getFirst().equals("ConditionalCheckFailed")) {
            return Failure.ALREADY_COMMITTED;
        }
        if (reasons.contains("TransactionConflict")) {
            return Failure.CONFLICT;
        }
        if (reasons.contains("ConditionalCheckFailed")) {
            return Failure.OVERTAKEN;
        }
        if (reasons.contains("ItemCollectionSizeLimitExceeded")) {
            return Failure.FULL;
        }
        if (reasons.contains("ThrottlingError") || reasons.contains("ProvisionedThroughputExceeded")) {
            return Failure.THROTTLED;
        }
        throw cancelled;
    }
}
