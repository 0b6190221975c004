package com.pantherkolab.common;

/// The attributes of the outbox table, the seam between the two deployables.
///
/// `entry` holds the whole [OutboxEntry] as JSON. The others repeat what DynamoDB itself must see: the key, what a
/// query of an aggregate is sorted by, and when the item may go.
public final class OutboxAttributes {
    /// Partition key (S): [Aggregate#key].
    public static final String AGGREGATE = "aggregate";

    /// Sort key (S).
    public static final String EVENT_ID = "eventId";

    /// The entry's place within the aggregate (N).
    public static final String ORDER = "order";

    /// When the item may be deleted (N, seconds since 1970).
    public static final String TTL = "ttl";

    /// The entry (S): [OutboxEntry#toJson].
    public static final String ENTRY = "entry";

    private OutboxAttributes() {}
}
